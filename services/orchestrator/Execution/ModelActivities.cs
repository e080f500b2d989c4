using Dapper;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.Orchestrator.Events;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Asks models.</summary>
internal sealed class ModelActivities(RunStore runs, RunRecorder recorder, CompletionService.CompletionServiceClient completions, TimeProvider clock)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(115);

    private const string Count = """
        update task
        set iteration = @Iteration, input_tokens = @InputTokens, output_tokens = @OutputTokens, cost_micro_usd = @CostMicroUsd
        where task_id = @TaskId and iteration <= @Iteration
        """;

    /// <summary>Continues the transcript by one answer, billed once however often this is tried.</summary>
    [Activity("call_llm")]
    public async Task<ModelTurn> CallLlmAsync(ModelCall call)
    {
        var activity = ActivityExecutionContext.Current;
        var cancellationToken = activity.CancellationToken;
        var (taskId, state) = (call.TaskId, call.State);
        var run = await runs.ReadAsync(taskId, cancellationToken);
        await recorder.RecordAsync(
            taskId,
            cancellationToken,
            new NewTaskEvent($"iteration/{state.Iteration}/started", TaskEventTypes.IterationStarted, Facts(state)),
            new NewTaskEvent($"llm/{state.Iteration}/{activity.Info.Attempt}/started", TaskEventTypes.LlmCallStarted, Facts(state, ("model", run.Pinned.Model), ("attempt", activity.Info.Attempt))));

        Completion completion;
        try
        {
            completion = await PeerCall.RunAsync("llm-gateway", clock, token => StreamAsync(run, state, token));
        }
        catch (ApplicationFailureException e)
        {
            await recorder.RecordAsync(taskId, cancellationToken, new NewTaskEvent(
                $"llm/{state.Iteration}/{activity.Info.Attempt}/failed",
                TaskEventTypes.LlmCallFailed,
                Facts(state, ("attempt", activity.Info.Attempt), ("reason", e.ErrorType), ("message", e.Message), ("retries", !e.NonRetryable))));
            throw;
        }

        var message = TranscriptMessages.WithUniqueCallIds(completion.Message, state.TranscriptLength);
        var usage = completion.Usage ?? new Usage();
        await recorder.RecordAsync(
            taskId,
            async (connection, transaction) =>
            {
                await RunStore.WriteMessageAsync(connection, transaction, taskId, state.TranscriptLength, message, cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition(
                    Count,
                    new
                    {
                        taskId,
                        state.Iteration,
                        InputTokens = state.InputTokens + usage.InputTokens,
                        OutputTokens = state.OutputTokens + usage.OutputTokens,
                        CostMicroUsd = state.CostMicroUsd + usage.CostMicroUsd,
                    },
                    transaction,
                    cancellationToken: cancellationToken));
            },
            cancellationToken,
            new NewTaskEvent($"llm/{state.Iteration}/completed", TaskEventTypes.LlmCallCompleted, Facts(
                state,
                ("model", run.Pinned.Model),
                ("provider", completion.Provider),
                ("content", message.Content),
                ("tool_calls", message.ToolCalls.Select(tool => tool.ToolName).ToArray()),
                ("input_tokens", usage.InputTokens),
                ("output_tokens", usage.OutputTokens),
                ("cost_micro_usd", usage.CostMicroUsd),
                ("replayed", completion.Replayed))));
        return new ModelTurn(
            [.. message.ToolCalls.Select((tool, index) => new ToolCallReference(state.TranscriptLength, index, tool.ToolCallId))],
            usage.InputTokens,
            usage.OutputTokens,
            usage.CostMicroUsd);
    }

    private async Task<Completion> StreamAsync(RunContext run, RunState state, CancellationToken cancellationToken)
    {
        var input = new CompletionInput
        {
            Model = run.Pinned.Model,
            Messages = { await runs.ReadTranscriptAsync(run.TaskId, state.TranscriptLength, cancellationToken) },
            Tools = { run.Pinned.Tools.Select(tool => tool.ToDefinition()) },
            IdempotencyKey = PeerCall.IdempotencyKey,
            WorkflowId = run.TaskId,
            AgentId = run.Agent.AgentId,
            MaxOutputTokens = run.Pinned.MaxOutputTokens,
        };
        if (run.Pinned.Temperature is { } temperature)
        {
            input.Temperature = temperature;
        }

        var chunks = new ChunkEvents(recorder, run.TaskId, state.Iteration, ActivityExecutionContext.Current.Info.Attempt, clock);
        using var call = completions.StreamComplete(
            new StreamCompleteRequest { Input = input }, run.ActingForInitiator, (clock.GetUtcNow() + Deadline).UtcDateTime, cancellationToken);
        Completion? completion = null;
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (part.PartCase == StreamCompleteResponse.PartOneofCase.TextDelta)
            {
                await chunks.AddAsync(part.TextDelta, cancellationToken);
            }
            else
            {
                completion = part.Completion;
            }
        }

        await chunks.FlushAsync(cancellationToken);
        return completion ?? throw new ApplicationFailureException("llm-gateway: the stream ended without a completion.", errorType: "StreamCut");
    }

    private static Dictionary<string, object?> Facts(RunState state, params (string Name, object? Value)[] facts)
    {
        var all = facts.ToDictionary(fact => fact.Name, fact => fact.Value);
        all["iteration"] = state.Iteration;
        return all;
    }
}
