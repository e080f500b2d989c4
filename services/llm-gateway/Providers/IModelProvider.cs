using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;

namespace Mainstay.LlmGateway.Providers;

/// <summary>Something that answers conversations.</summary>
internal interface IModelProvider
{
    /// <summary>How long an answer may take where the configuration does not say.</summary>
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(110);

    /// <summary>The name under which the configuration has it.</summary>
    string Name { get; }

    /// <summary>How long an answer may take, retries included.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Answers, handing on pieces of the text as they come; fails with an error of <see cref="LlmErrors"/>.</summary>
    Task<ProviderAnswer> AnswerAsync(ModelQuestion question, Action<string> onText, CancellationToken cancellationToken);
}

/// <summary>A kind of provider, as <c>llm.providers[].type</c> names it.</summary>
internal interface IModelProviderType
{
    /// <summary>The kind's name.</summary>
    string Name { get; }

    /// <summary>The configuration keys of this kind, beside name and type.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>Checks a provider's section; a bad value stops the service at start.</summary>
    IPreparedProvider Prepare(string name, SettingsSection section);
}

/// <summary>A provider whose configuration has been checked.</summary>
internal interface IPreparedProvider
{
    /// <summary>Takes note of a model that a route leads to; refuses one that the provider cannot serve.</summary>
    void AddModel(string upstreamModel, SettingsSection route);

    /// <summary>Makes the provider.</summary>
    IModelProvider Make(IServiceProvider services);
}

/// <summary>What a provider is asked.</summary>
/// <param name="UpstreamModel">The provider's own name of the model.</param>
/// <param name="Input">The conversation, the tools and the settings.</param>
/// <param name="MaxOutputTokens">The most tokens of the answer; 0 leaves it to the provider.</param>
/// <param name="IsStreamed">Whether somebody reads the text as it comes.</param>
internal sealed record ModelQuestion(string UpstreamModel, CompletionInput Input, int MaxOutputTokens, bool IsStreamed);

/// <summary>A whole answer.</summary>
/// <param name="Message">The assistant's message.</param>
/// <param name="FinishReason">Why the model stopped.</param>
/// <param name="Usage">The tokens.</param>
internal sealed record ProviderAnswer(Message Message, FinishReason FinishReason, TokenUsage Usage);

/// <summary>The tokens of a question and its answer.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="IsEstimate">Whether they were estimated because the provider does not count.</param>
internal sealed record TokenUsage(long InputTokens, long OutputTokens, bool IsEstimate);
