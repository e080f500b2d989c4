using Grpc.Core;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>One attempt failed; the message is what the provider did, as the end of a sentence that begins with its name.</summary>
internal sealed class OpenAiFailure(OpenAiFailureKind kind, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Whether trying again may help.</summary>
    public bool IsPassing => kind == OpenAiFailureKind.Passing;

    /// <summary>When the provider asks to be asked again.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>The failure as callers see it.</summary>
    public RpcException ToError(string provider) => kind switch
    {
        OpenAiFailureKind.RateLimited => LlmErrors.RateLimited(provider, retryAfter ?? DefaultRetryAfter),
        OpenAiFailureKind.RefusedKey => LlmErrors.ProviderRefusedKey(provider, Message),
        OpenAiFailureKind.RefusedRequest => LlmErrors.ProviderRefusedRequest(provider, Message),
        _ => LlmErrors.ProviderUnavailable(provider, Message),
    };
}

/// <summary>What kind of failure, and so what helps against it.</summary>
internal enum OpenAiFailureKind
{
    /// <summary>The provider is away or broken for now.</summary>
    Passing,

    /// <summary>The provider answered what cannot be used; it was billed, so the caller decides about another try.</summary>
    Unusable,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>The key or the account behind it does not work.</summary>
    RefusedKey,

    /// <summary>The request is refused and would be again.</summary>
    RefusedRequest,
}
