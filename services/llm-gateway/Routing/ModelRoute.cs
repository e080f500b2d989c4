using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Routing;

/// <summary>Where a model's name leads, and what it costs.</summary>
/// <param name="Model">The name that callers use.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="UpstreamModel">The provider's own name of the model.</param>
/// <param name="InputPrice">Price of a million prompt tokens, in millionths of a US dollar.</param>
/// <param name="OutputPrice">Price of a million answer tokens, in millionths of a US dollar.</param>
/// <param name="MaxOutputTokens">The most tokens of an answer when a call does not say; 0 leaves it to the provider.</param>
internal sealed record ModelRoute(string Model, string Provider, string UpstreamModel, long InputPrice, long OutputPrice, int MaxOutputTokens)
{
    /// <summary>What so many tokens cost, in millionths of a US dollar, rounded up.</summary>
    public long Cost(long inputTokens, long outputTokens)
    {
        var exact = ((Int128)inputTokens * InputPrice) + ((Int128)outputTokens * OutputPrice);
        return (long)((exact + 999_999) / 1_000_000);
    }

    public Model ToModel() => new()
    {
        Model_ = Model,
        Provider = Provider,
        UpstreamModel = UpstreamModel,
        InputPriceMicroUsdPerMillion = InputPrice,
        OutputPriceMicroUsdPerMillion = OutputPrice,
    };
}
