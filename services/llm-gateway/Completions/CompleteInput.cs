using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Answers a question, once under one idempotency key however often and wherever it is asked.</summary>
internal sealed class CompleteInput(ModelRouter router, CompletionClaims claims, RunningCompletions running, RecordCompletion record, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TimeToRefuse = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    /// <summary>The answer, which may be on its way still.</summary>
    public async Task<Answer> ExecuteAsync(CompletionInput? input, bool isStreamed, CallerContext caller, DateTime deadline, CancellationToken cancellationToken)
    {
        CompletionChecks.Check(input);
        var route = router.Find(input!.Model);
        var job = new CompletionJob(input, isStreamed, caller, route, CompletionKey.Of(input, caller));
        if (!caller.HasScope(route.RbacScope))
        {
            await record.DeniedAsync(job, route.RbacScope, cancellationToken);
            throw LlmErrors.ScopeMissing(route.Model, route.RbacScope);
        }

        if (route.MaxOutputTokens > 0 && input.MaxOutputTokens > route.MaxOutputTokens)
        {
            throw LlmErrors.FieldInvalid(("input.max_output_tokens", $"must be at most {route.MaxOutputTokens}, the most that the model '{route.Model}' allows"));
        }

        return job.Key is { } key
            ? await OnceAsync(job, key, deadline, cancellationToken)
            : new Answer(running.Start(job, null, cancellationToken), isReplayed: false);
    }

    private async Task<Answer> OnceAsync(CompletionJob job, CompletionKey key, DateTime deadline, CancellationToken cancellationToken)
    {
        var patience = Patience(deadline);
        var start = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Poll, clock);
        do
        {
            // A caller that comes back while its question is answered here gets that answer, from its beginning.
            if (running.Find(key) is { } found)
            {
                return new Answer(found, isReplayed: true);
            }

            var outcome = await claims.TakeAsync(key, cancellationToken);
            if (outcome.Answer is { } stored)
            {
                return Answer.Stored(stored);
            }

            if (outcome.Claim is { } claim)
            {
                // It goes on when this caller goes away: the caller will come back for the answer.
                return new Answer(running.Start(job, claim, CancellationToken.None), isReplayed: false);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
        while (clock.GetElapsedTime(start) < patience);

        throw LlmErrors.IdempotencyKeyBusy(key.Key, BusyRetry);
    }

    // Another process answers: its answer is waited for, as long as the caller still hears that it was in vain.
    private TimeSpan Patience(DateTime deadline)
    {
        if (deadline == DateTime.MaxValue)
        {
            return LongestWait;
        }

        var left = deadline - clock.GetUtcNow().UtcDateTime - TimeToRefuse;
        return left < LongestWait ? left : LongestWait;
    }
}
