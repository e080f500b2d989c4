using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>How large the payloads of commands may be; a worker that exceeds it would do so again, so the run ends.</summary>
internal sealed partial class RunChange
{
    private const int LargestBlob = 2 * 1024 * 1024;

    private static void CheckSizes(Command command)
    {
        switch (command.AttributesCase)
        {
            case Command.AttributesOneofCase.ScheduleActivityTaskCommandAttributes:
                Check(command.ScheduleActivityTaskCommandAttributes.Input, "ScheduleActivityTaskCommandAttributes.Input");
                break;
            case Command.AttributesOneofCase.CompleteWorkflowExecutionCommandAttributes:
                Check(command.CompleteWorkflowExecutionCommandAttributes.Result, "CompleteWorkflowExecutionCommandAttributes.Result");
                break;
            case Command.AttributesOneofCase.FailWorkflowExecutionCommandAttributes:
                Check(command.FailWorkflowExecutionCommandAttributes.Failure, "FailWorkflowExecutionCommandAttributes.Failure");
                break;
            case Command.AttributesOneofCase.CancelWorkflowExecutionCommandAttributes:
                Check(command.CancelWorkflowExecutionCommandAttributes.Details, "CancelWorkflowExecutionCommandAttributes.Details");
                break;
            case Command.AttributesOneofCase.ContinueAsNewWorkflowExecutionCommandAttributes:
                Check(command.ContinueAsNewWorkflowExecutionCommandAttributes.Input, "ContinueAsNewWorkflowExecutionCommandAttributes.Input");
                break;
            case Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes:
                Check(command.StartChildWorkflowExecutionCommandAttributes.Input, "StartChildWorkflowExecutionCommandAttributes.Input");
                break;
            case Command.AttributesOneofCase.SignalExternalWorkflowExecutionCommandAttributes:
                Check(command.SignalExternalWorkflowExecutionCommandAttributes.Input, "SignalExternalWorkflowExecutionCommandAttributes.Input");
                break;
            case Command.AttributesOneofCase.RecordMarkerCommandAttributes:
                Check(command.RecordMarkerCommandAttributes, "RecordMarkerCommandAttributes.Details");
                break;
        }
    }

    // Temporal gives this cause for all of them.
    private static void Check(IMessage? blob, string name)
    {
        if (blob.Size() > LargestBlob)
        {
            throw new BadCommandException(WorkflowTaskFailedCause.BadScheduleActivityAttributes, $"BadScheduleActivityAttributes: {name} exceeds size limit.", fatal: true);
        }
    }
}
