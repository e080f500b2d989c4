using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;

namespace Mainstay.LlmGateway.Providers;

/// <summary>Something that answers conversations.</summary>
internal interface IModelProvider
{
    /// <summary>Refuses a route that this provider cannot serve, at the service's start.</summary>
    /// <param name="route">The route.</param>
    /// <param name="key">The configuration key to name in the refusal.</param>
    void Check(ModelRoute route, string key);

    /// <summary>Answers, piece by piece; the last part is the whole. Fails with an error of <see cref="LlmErrors"/>.</summary>
    IAsyncEnumerable<ProviderPart> AnswerAsync(ModelRoute route, CompletionInput input, CancellationToken cancellationToken);
}

/// <summary>A kind of provider, as <c>llm.providers[].type</c> names it.</summary>
internal interface IModelProviderType
{
    /// <summary>The kind's name.</summary>
    string Name { get; }

    /// <summary>The configuration keys of this kind, beside name and type.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>Makes a provider from its section.</summary>
    IModelProvider Create(string name, IConfigurationSection section);
}

/// <summary>A part of an answer: a piece of its text, or the whole.</summary>
internal sealed record ProviderPart(string TextDelta, ProviderAnswer? Answer)
{
    public static ProviderPart Text(string delta) => new(delta, null);

    public static ProviderPart Whole(ProviderAnswer answer) => new("", answer);
}

/// <summary>A whole answer.</summary>
internal sealed record ProviderAnswer(Message Message, FinishReason FinishReason, long InputTokens, long OutputTokens);
