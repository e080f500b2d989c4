using System.Collections.Concurrent;
using Grpc.Core;
using Google.Rpc;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Runs questions to their end. One under an idempotency key goes on when its caller goes away: the caller will come back for the answer.</summary>
internal sealed partial class RunningCompletions(CompletionStore store, TimeProvider clock, ILogger<RunningCompletions> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<(string Team, string Project, string Key, string Digest), RunningCompletion> byKey = new();
    private readonly ConcurrentDictionary<RunningCompletion, Task> all = new();
    private readonly CancellationTokenSource stopped = new();

    /// <summary>The answer that is on its way under a key, if this process asks for it.</summary>
    public RunningCompletion? Find(CompletionKey key) => byKey.GetValueOrDefault(Identity(key));

    /// <summary>Starts to ask.</summary>
    public RunningCompletion Start(CompletionJob job, CancellationToken cancellationToken)
    {
        var running = new RunningCompletion();
        if (job.Key is { } key)
        {
            byKey[Identity(key)] = running;
        }

        all[running] = Task.CompletedTask;
        all[running] = RunAsync(job, running, cancellationToken);
        return running;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the answers that are on their way, as long as the host gives it time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var rest = Task.WhenAll(all.Values);
        try
        {
            await rest.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await stopped.CancelAsync();
        }
    }

    public void Dispose() => stopped.Dispose();

    private static (string, string, string, string) Identity(CompletionKey key) => (key.Team, key.Project, key.Key, key.Digest);

    private async Task RunAsync(CompletionJob job, RunningCompletion running, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped.Token);
        var lease = job.Key is { } key ? RenewLeaseAsync(key, ended.Token) : Task.CompletedTask;
        Exception? failure = null;
        try
        {
            await AskAsync(job, running, ended.Token);
        }
        catch (Exception e)
        {
            failure = e;
            if (e is not (RpcException or OperationCanceledException))
            {
                Log.Failed(logger, job.Route.Provider, e);
            }
        }

        await ended.CancelAsync();
        await lease;
        if (job.Key is { } held)
        {
            byKey.TryRemove(Identity(held), out _);
        }

        running.End(failure);
        all.TryRemove(running, out _);
    }

    private async Task AskAsync(CompletionJob job, RunningCompletion running, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        try
        {
            await foreach (var part in job.Provider.AnswerAsync(job.Route, job.Input, cancellationToken))
            {
                if (part.Answer is { } answer)
                {
                    var completion = CompletionOf(job, answer);
                    await store.KeepAsync(job, completion, clock.GetElapsedTime(began));
                    running.Add(new StreamCompleteResponse { Completion = completion });
                    return;
                }

                running.Add(new StreamCompleteResponse { TextDelta = part.TextDelta });
            }

            throw LlmErrors.ProviderUnavailable(job.Route.Provider, "ended its answer half-way.");
        }
        catch (Exception e)
        {
            await store.FailAsync(job, ReasonOf(e), clock.GetElapsedTime(began));
            throw;
        }
    }

    private static Completion CompletionOf(CompletionJob job, Providers.ProviderAnswer answer) => new()
    {
        Message = answer.Message,
        FinishReason = answer.FinishReason,
        Usage = new Usage
        {
            InputTokens = answer.InputTokens,
            OutputTokens = answer.OutputTokens,
            CostMicroUsd = job.Route.Cost(answer.InputTokens, answer.OutputTokens),
        },
        Provider = job.Route.Provider,
        UpstreamModel = job.Route.UpstreamModel,
    };

    private static string ReasonOf(Exception exception) => exception switch
    {
        RpcException e => e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Type ?? e.StatusCode.ToString(),
        OperationCanceledException => "CANCELLED",
        _ => "INTERNAL",
    };

    private async Task RenewLeaseAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CompletionStore.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await store.RenewAsync(key, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The answer is there.
        }
        catch (Npgsql.NpgsqlException e)
        {
            Log.LeaseLost(logger, key.Key, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Asking {Provider} failed")]
        public static partial void Failed(ILogger logger, string provider, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the lease of {IdempotencyKey}")]
        public static partial void LeaseLost(ILogger logger, string idempotencyKey, Exception exception);
    }
}
