using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Execution;

/// <summary>Gets the events of a task, decoded by the codec.</summary>
internal static class HistoryReader
{
    /// <summary>The events that came with the task, its further pages included.</summary>
    public static async Task<IReadOnlyList<HistoryEvent>> ReadAsync(WorkerContext context, PollWorkflowTaskQueueResponse task)
    {
        List<HistoryEvent> events = [.. task.History?.Events ?? []];
        if (task.NextPageToken is { IsEmpty: false } further)
        {
            await ReadPagesAsync(context, task.WorkflowExecution, further, events).ConfigureAwait(false);
        }

        if (task.StartedEventId > 0)
        {
            events.RemoveAll(e => e.EventId > task.StartedEventId);
        }

        await DecodeAsync(context.Converter, events).ConfigureAwait(false);
        await DecodeAsync(context.Converter, task.Messages).ConfigureAwait(false);
        await DecodeAsync(context.Converter, task.Queries.Values).ConfigureAwait(false);
        if (task.Query is { } query)
        {
            await DecodeAsync(context.Converter, [query]).ConfigureAwait(false);
        }

        return events;
    }

    /// <summary>
    /// The history from its first event up to the task's own. Those stay: a task that was made for an update alone is in no history yet.
    /// </summary>
    public static async Task<IReadOnlyList<HistoryEvent>> ReadFromTheStartAsync(
        WorkerContext context, WorkflowExecution execution, IReadOnlyList<HistoryEvent> ofTheTask)
    {
        List<HistoryEvent> events = [];
        await ReadPagesAsync(context, execution, ByteString.Empty, events).ConfigureAwait(false);
        if (ofTheTask is [var first, ..])
        {
            events.RemoveAll(e => e.EventId >= first.EventId);
        }

        await DecodeAsync(context.Converter, events).ConfigureAwait(false);
        return [.. events, .. ofTheTask];
    }

    private static async Task ReadPagesAsync(WorkerContext context, WorkflowExecution execution, ByteString token, List<HistoryEvent> events)
    {
        do
        {
            var page = await context.Service.GetWorkflowExecutionHistoryAsync(
                new() { Namespace = context.Namespace, Execution = execution, NextPageToken = token }, new() { Retry = true }).ConfigureAwait(false);
            events.AddRange(page.History.Events);
            token = page.NextPageToken;
        }
        while (!token.IsEmpty);
    }

    private static async Task DecodeAsync(DataConverter converter, IEnumerable<IMessage> messages)
    {
        if (converter.PayloadCodec is { } codec)
        {
            foreach (var message in messages)
            {
                await PayloadVisitor.VisitAsync(message, codec.DecodeAsync).ConfigureAwait(false);
            }
        }
    }
}
