using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Execution;

/// <summary>Gets the events of a task, decoded by the codec.</summary>
internal static class HistoryReader
{
    /// <summary>The events of the task; null if they do not continue what the run has seen.</summary>
    public static async Task<IReadOnlyList<HistoryEvent>?> ReadAsync(WorkerContext context, PollWorkflowTaskQueueResponse task, long? lastEventId)
    {
        List<HistoryEvent> events = [.. task.History?.Events ?? []];
        if (events.Count > 0 ? events[0].EventId > (lastEventId ?? 0) + 1 : lastEventId is null)
        {
            return null;
        }

        await ReadPagesAsync(context, task.WorkflowExecution, task.NextPageToken, events).ConfigureAwait(false);
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

    public static async Task<IReadOnlyList<HistoryEvent>> ReadWholeAsync(WorkerContext context, WorkflowExecution execution)
    {
        List<HistoryEvent> events = [];
        await ReadPagesAsync(context, execution, null, events).ConfigureAwait(false);
        await DecodeAsync(context.Converter, events).ConfigureAwait(false);
        return events;
    }

    private static async Task ReadPagesAsync(WorkerContext context, WorkflowExecution execution, ByteString? token, List<HistoryEvent> events)
    {
        while (token is null || !token.IsEmpty)
        {
            var page = await context.Service.GetWorkflowExecutionHistoryAsync(
                new() { Namespace = context.Namespace, Execution = execution, NextPageToken = token ?? ByteString.Empty }, new() { Retry = true }).ConfigureAwait(false);
            events.AddRange(page.History.Events);
            token = page.NextPageToken;
        }
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
