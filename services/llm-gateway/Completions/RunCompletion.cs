using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Providers;
using Npgsql;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Asks a provider, within its time, and records how that ended before anybody hears of it.</summary>
internal sealed partial class RunCompletion(
    CompletionClaims claims, RecordCompletion record, IdempotencySettings settings, TimeProvider clock, ILogger<RunCompletion> logger)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    /// <summary>The recorded answer.</summary>
    /// <param name="job">The question.</param>
    /// <param name="claim">The key that was taken for it; null without one.</param>
    /// <param name="onText">Takes pieces of the text as they come.</param>
    /// <param name="stopping">Cancelled when the gateway can wait no longer.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer wants the answer.</param>
    public async Task<Completion> ExecuteAsync(
        CompletionJob job, CompletionClaim? claim, Action<string> onText, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        using var ended = new CancellationTokenSource();
        var lease = claim is null ? Task.CompletedTask : KeepAsync(claim, ended.Token);
        ProviderAnswer answer;
        try
        {
            answer = await AskAsync(job, onText, stopping, cancellationToken);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, job.Route.Model, job.Route.Provider.Name, ReasonOf(exception), exception is RpcException or OperationCanceledException ? null : exception);
            await record.FailedAsync(job, claim, ReasonOf(exception), clock.GetElapsedTime(start));
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await lease;
        }

        var completion = CompletionOf(job, answer);
        var isKept = await record.SucceededAsync(job, claim, completion, answer.Usage.IsEstimate, clock.GetElapsedTime(start));
        Log.Completed(logger, job.Route.Model, completion.Provider, job.Input.WorkflowId, completion.Usage.InputTokens, completion.Usage.OutputTokens);
        return isKept ? completion : await SuccessorAsync(claim!, cancellationToken);
    }

    private async Task<ProviderAnswer> AskAsync(CompletionJob job, Action<string> onText, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var provider = job.Route.Provider;
        using var timeout = new CancellationTokenSource(provider.Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping, cancellationToken);
        try
        {
            var answer = await provider.AnswerAsync(job.Question, onText, linked.Token);
            ToolCallIds.MakeUnique(answer.Message, job.Input.Messages);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw stopping.IsCancellationRequested
                ? LlmErrors.Stopping()
                : LlmErrors.ProviderUnavailable(provider.Name, $"did not answer within {provider.Timeout.TotalSeconds:0.###} s");
        }
    }

    // This process was so slow that another asked again. What that one stores, or has stored, is the answer of the key.
    private async Task<Completion> SuccessorAsync(CompletionClaim claim, CancellationToken cancellationToken)
    {
        Log.Superseded(logger, claim.Key.Key);
        var successor = await claims.FindAsync(claim.Key, cancellationToken) ?? throw LlmErrors.IdempotencyKeyBusy(claim.Key.Key, BusyRetry);
        return new Completion(successor) { Replayed = true };
    }

    private async Task KeepAsync(CompletionClaim claim, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(settings.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await RenewAsync(claim, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The answer is there.
        }
    }

    private async Task RenewAsync(CompletionClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            await claims.RenewAsync(claim, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            Log.LeaseNotRenewed(logger, claim.Key.Key, exception);
        }
    }

    private static Completion CompletionOf(CompletionJob job, ProviderAnswer answer) => new()
    {
        Message = answer.Message,
        FinishReason = answer.FinishReason,
        Usage = new Usage
        {
            InputTokens = answer.Usage.InputTokens,
            OutputTokens = answer.Usage.OutputTokens,
            CostMicroUsd = job.Route.Cost(answer.Usage.InputTokens, answer.Usage.OutputTokens),
        },
        Provider = job.Route.Provider.Name,
        UpstreamModel = job.Route.UpstreamModel,
    };

    private static string ReasonOf(Exception exception) => exception switch
    {
        RpcException error => error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Type ?? error.StatusCode.ToString(),
        OperationCanceledException => "CANCELLED",
        _ => "INTERNAL",
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Completed by {Model} of {Provider} for {WorkflowId}: {InputTokens} tokens in, {OutputTokens} out")]
        public static partial void Completed(ILogger logger, string model, string provider, string workflowId, long inputTokens, long outputTokens);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No completion by {Model} of {Provider}: {Reason}")]
        public static partial void Failed(ILogger logger, string model, string provider, string reason, Exception? exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The answer under {IdempotencyKey} came after another process had taken the key over")]
        public static partial void Superseded(ILogger logger, string idempotencyKey);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of {IdempotencyKey} was not renewed")]
        public static partial void LeaseNotRenewed(ILogger logger, string idempotencyKey, Exception exception);
    }
}
