using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Orchestrator.Events;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Outbox;
using Temporalio.Activities;
using Task = System.Threading.Tasks.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Records how a run goes and how it ends.</summary>
internal sealed class ProgressActivities(RunStore runs, RunRecorder recorder, AuditOutbox outbox, TimeProvider clock)
{
    private const string SetStatus = """
        update task
        set status = @Status
        where task_id = @TaskId and end_time is null
        """;

    private const string Close = """
        with closed as (
            update task
            set status = @Status, termination_reason = @TerminationReason, failure_message = @FailureMessage, result = @Result::json, end_time = @EndTime
            where task_id = @TaskId and end_time is null
            returning task_id
        ), withdrawn as (
            update approval
            set decision = 'withdrawn', decide_time = @EndTime
            where task_id = @TaskId and decision is null
        )
        select count(*) from closed
        """;

    /// <summary>Records events, and the status that goes with them.</summary>
    [Activity("publish_workflow_events")]
    public Task PublishWorkflowEventsAsync(RunProgress progress)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        return recorder.RecordAsync(
            progress.TaskId,
            (connection, transaction) => progress.Status is null
                ? Task.CompletedTask
                : connection.ExecuteAsync(new CommandDefinition(SetStatus, new { progress.TaskId, progress.Status }, transaction, cancellationToken: cancellationToken)),
            cancellationToken,
            progress.Events);
    }

    /// <summary>Records the end of a run with its last event and its audit event.</summary>
    [Activity("close_task")]
    public async Task CloseAsync(RunClosing closing)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var run = await runs.ReadAsync(closing.TaskId, cancellationToken);
        var result = closing.AnswerPosition is { } position ? await ReadAnswerAsync(run, position, cancellationToken) : null;

        // A column of text takes every character but this one, which a failed tool or model may send.
        var failureMessage = closing.FailureMessage.Replace('\0', '\uFFFD');
        var row = new { closing.TaskId, closing.Status, closing.TerminationReason, FailureMessage = failureMessage, Result = result, EndTime = clock.GetUtcNow() };
        await recorder.RecordAsync(
            closing.TaskId,
            async (connection, transaction) =>
            {
                if (await connection.QuerySingleAsync<long>(new CommandDefinition(Close, row, transaction, cancellationToken: cancellationToken)) == 1)
                {
                    var audit = run.Audit(clock, "task_end", closing.Status == nameof(TaskStatus.Completed) ? "success" : "failure");
                    await outbox.AppendAsync(
                        connection, transaction, audit with { Attributes = new Dictionary<string, string> { ["termination_reason"] = closing.TerminationReason } }, cancellationToken);
                }
            },
            cancellationToken,
            [.. EventsOf(closing)]);
    }

    private async Task<string> ReadAnswerAsync(RunContext run, int position, CancellationToken cancellationToken)
    {
        var text = (await runs.ReadMessageAsync(run.TaskId, position, cancellationToken)).Content;
        var answer = run.Pinned.HasOutputSchema && AnswerJson.TryRead(text, out var read, out _) ? read! : Value.ForString(text);
        return JsonFormatter.Default.Format(answer);
    }

    private static IEnumerable<NewTaskEvent> EventsOf(RunClosing closing)
    {
        var facts = new Dictionary<string, object?>
        {
            ["termination_reason"] = closing.TerminationReason,
            ["iterations"] = closing.State?.Iteration ?? 0,
            ["input_tokens"] = closing.State?.InputTokens ?? 0,
            ["output_tokens"] = closing.State?.OutputTokens ?? 0,
            ["cost_micro_usd"] = closing.State?.CostMicroUsd ?? 0,
        };
        if (closing.TerminationReason == nameof(TerminationReason.BudgetExceeded))
        {
            yield return new NewTaskEvent("budget/exceeded", TaskEventTypes.BudgetExceeded, facts);
        }

        if (closing.FailureMessage.Length > 0)
        {
            facts["failure_message"] = closing.FailureMessage;
        }

        yield return new NewTaskEvent("ended", closing.Status switch
        {
            nameof(TaskStatus.Completed) => TaskEventTypes.Completed,
            nameof(TaskStatus.Cancelled) => TaskEventTypes.Cancelled,
            nameof(TaskStatus.Stopped) => TaskEventTypes.Stopped,
            _ => TaskEventTypes.Failed,
        }, facts);
    }
}
