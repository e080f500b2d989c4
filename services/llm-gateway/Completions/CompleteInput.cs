using System.Runtime.CompilerServices;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Answers a question, once under one idempotency key however often it is asked.</summary>
internal sealed class CompleteInput(ModelRouter router, CompletionStore store, RunningCompletions running)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    /// <summary>The answer's parts as they come; the last is the whole completion.</summary>
    public async IAsyncEnumerable<StreamCompleteResponse> ExecuteAsync(
        CompletionInput? input, CallerContext caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CompletionChecks.Check(input);
        var (route, provider) = router.Find(input!.Model);
        var key = CompletionKey.Of(input, caller);
        var job = new CompletionJob(input, caller, route, provider, key);
        if (key is not null && await FindStoredAsync(key, cancellationToken) is { } stored)
        {
            yield return new StreamCompleteResponse { Completion = stored };
            yield break;
        }

        var completion = key is null ? running.Start(job, cancellationToken) : await JoinOrStartAsync(job, key, cancellationToken);
        await foreach (var part in completion.ReadAsync(cancellationToken))
        {
            yield return part;
        }
    }

    private async Task<Completion?> FindStoredAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(key, cancellationToken) is not var (digest, answer))
        {
            return null;
        }

        if (digest != key.Digest)
        {
            throw LlmErrors.IdempotencyKeyReused(key.Key);
        }

        if (answer is not null)
        {
            answer.Replayed = true;
        }

        return answer;
    }

    // A caller that comes back while its question is being answered gets that answer, from its beginning.
    private async Task<RunningCompletion> JoinOrStartAsync(CompletionJob job, CompletionKey key, CancellationToken cancellationToken)
    {
        if (running.Find(key) is { } found)
        {
            return found;
        }

        if (await store.ClaimAsync(key, cancellationToken))
        {
            return running.Start(job, CancellationToken.None);
        }

        return running.Find(key) ?? (await FindStoredAsync(key, cancellationToken) is { } stored
            ? RunningCompletion.Ended(stored)
            : throw LlmErrors.IdempotencyKeyBusy(key.Key, BusyRetry));
    }
}
