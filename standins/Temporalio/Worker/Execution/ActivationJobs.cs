using Temporalio.Api.Update.V1;

namespace Temporalio.Worker.Execution;

/// <summary>One thing that a stretch brings to a run.</summary>
internal sealed record ActivationJob(int Rank, long Position, Action<WorkflowRun> ApplyTo);

/// <summary>Orders what a stretch brings: signals and updates as they came, then the start, then what the workflow waits for.</summary>
internal static class ActivationJobs
{
    private const int MessageRank = 0;
    private const int StartRank = 1;
    private const int ResolutionRank = 2;

    public static IEnumerable<ActivationJob> InOrder(Stretch stretch) =>
        Jobs(stretch).OrderBy(job => job.Rank).ThenBy(job => job.Position);

    private static IEnumerable<ActivationJob> Jobs(Stretch stretch)
    {
        foreach (var input in stretch.Inputs)
        {
            yield return input.EventType switch
            {
                EventType.WorkflowExecutionStarted => new(StartRank, input.EventId, run => run.StartMain()),
                EventType.WorkflowExecutionSignaled => new(MessageRank, input.EventId, run => run.HandleSignal(input.WorkflowExecutionSignaledEventAttributes)),
                _ => new(ResolutionRank, input.EventId, run => run.ApplyEvent(input)),
            };
        }

        // History holds an update only where it was accepted, behind the task that saw it.
        foreach (var accepted in stretch.Ahead.Where(e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).Select(e => e.WorkflowExecutionUpdateAcceptedEventAttributes))
        {
            yield return new(MessageRank, accepted.AcceptedRequestSequencingEventId, run => run.HandleUpdate(
                new(run.Book, accepted.ProtocolInstanceId, accepted.AcceptedRequestMessageId, accepted.AcceptedRequestSequencingEventId, accepted.AcceptedRequest), validate: false));
        }

        foreach (var message in stretch.Messages.Where(message => message.Body.Is(Request.Descriptor)))
        {
            yield return new(MessageRank, message.EventId, run => run.HandleUpdate(
                new(run.Book, message.ProtocolInstanceId, message.Id, message.EventId, message.Body.Unpack<Request>()), validate: true));
        }
    }
}
