using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Providers;

namespace Mainstay.LlmGateway.Routing;

/// <summary>Where a model's name leads, and what it costs.</summary>
/// <param name="Model">The name that callers use.</param>
/// <param name="Provider">Who answers.</param>
/// <param name="UpstreamModel">The provider's own name of the model.</param>
/// <param name="InputPrice">Price of a million prompt tokens, in millionths of a US dollar.</param>
/// <param name="OutputPrice">Price of a million answer tokens, in millionths of a US dollar.</param>
/// <param name="MaxOutputTokens">The most tokens of an answer; 0 leaves it to the provider.</param>
/// <param name="RbacScope">The scope that naming the model needs; empty for everybody.</param>
internal sealed record ModelRoute(
    string Model, IModelProvider Provider, string UpstreamModel, long InputPrice, long OutputPrice, int MaxOutputTokens, string RbacScope)
{
    private const int PriceUnit = 1_000_000;

    /// <summary>What so many tokens cost, in millionths of a US dollar, rounded up.</summary>
    public long Cost(long inputTokens, long outputTokens)
    {
        // A sum of two products of 64-bit numbers: only the end is rounded, and nothing overflows on the way.
        var exact = ((Int128)inputTokens * InputPrice) + ((Int128)outputTokens * OutputPrice);
        return (long)Int128.Min((exact + PriceUnit - 1) / PriceUnit, long.MaxValue);
    }

    /// <summary>The route as callers see it.</summary>
    public Model ToModel() => new()
    {
        Model_ = Model,
        Provider = Provider.Name,
        UpstreamModel = UpstreamModel,
        InputPriceMicroUsdPerMillion = InputPrice,
        OutputPriceMicroUsdPerMillion = OutputPrice,
    };
}
