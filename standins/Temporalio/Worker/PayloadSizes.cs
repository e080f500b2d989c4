using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker;

/// <summary>What a worker sends of payloads, measured as the server measures it.</summary>
internal static class PayloadSizes
{
    /// <summary>Each field of an answer that has a limit.</summary>
    public static IEnumerable<(bool Memo, int Bytes)> Of(IMessage answer) => answer switch
    {
        RespondWorkflowTaskCompletedRequest completed => completed.Commands.SelectMany(Of),
        RespondActivityTaskCompletedRequest completed => [(false, Size(completed.Result))],
        _ => [],
    };

    private static IEnumerable<(bool Memo, int Bytes)> Of(Command command)
    {
        switch (command.AttributesCase)
        {
            case Command.AttributesOneofCase.ScheduleActivityTaskCommandAttributes:
                yield return (false, Size(command.ScheduleActivityTaskCommandAttributes.Input));
                break;
            case Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.StartChildWorkflowExecutionCommandAttributes.Input));
                yield return (true, Size(command.StartChildWorkflowExecutionCommandAttributes.Memo));
                break;
            case Command.AttributesOneofCase.ContinueAsNewWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.ContinueAsNewWorkflowExecutionCommandAttributes.Input));
                yield return (true, Size(command.ContinueAsNewWorkflowExecutionCommandAttributes.Memo));
                break;
            case Command.AttributesOneofCase.SignalExternalWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.SignalExternalWorkflowExecutionCommandAttributes.Input));
                break;
            case Command.AttributesOneofCase.CompleteWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.CompleteWorkflowExecutionCommandAttributes.Result));
                break;
            case Command.AttributesOneofCase.FailWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.FailWorkflowExecutionCommandAttributes.Failure));
                break;
            case Command.AttributesOneofCase.CancelWorkflowExecutionCommandAttributes:
                yield return (false, Size(command.CancelWorkflowExecutionCommandAttributes.Details));
                break;
            case Command.AttributesOneofCase.RecordMarkerCommandAttributes:
                yield return (false, command.RecordMarkerCommandAttributes.Details.Sum(detail => System.Text.Encoding.UTF8.GetByteCount(detail.Key) + Size(detail.Value)));
                break;
            case Command.AttributesOneofCase.ModifyWorkflowPropertiesCommandAttributes:
                yield return (true, Size(command.ModifyWorkflowPropertiesCommandAttributes.UpsertedMemo));
                break;
        }
    }

    private static int Size(IMessage? message) => message?.CalculateSize() ?? 0;
}
