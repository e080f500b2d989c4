using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker;

/// <summary>A field of an answer that has a limit; one that is not enforced is only warned of.</summary>
internal readonly record struct SizedField(int Bytes, bool Memo = false, bool Enforced = true);

/// <summary>What a worker sends of payloads, measured as the server measures it.</summary>
internal static class PayloadSizes
{
    /// <summary>Each field of an answer that has a limit.</summary>
    public static IEnumerable<SizedField> Of(IMessage answer) => answer switch
    {
        RespondWorkflowTaskCompletedRequest completed => completed.Commands.SelectMany(Of)
            .Concat(completed.Messages.Select(message => new SizedField(Size(message.Body))))
            .Concat(completed.QueryResults.Values.Select(result => new SizedField(Size(result.Answer), Enforced: false))),
        RespondQueryTaskCompletedRequest answered => [new(Size(answered.QueryResult), Enforced: false)],
        RespondActivityTaskCompletedRequest completed => [new(Size(completed.Result))],
        RespondActivityTaskFailedRequest failed => [new(Size(failed.Failure), Enforced: false)],
        RecordActivityTaskHeartbeatRequest heartbeat => [new(Size(heartbeat.Details))],
        _ => [],
    };

    private static IEnumerable<SizedField> Of(Command command)
    {
        switch (command.AttributesCase)
        {
            case Command.AttributesOneofCase.ScheduleActivityTaskCommandAttributes:
                yield return new(Size(command.ScheduleActivityTaskCommandAttributes.Input));
                break;
            case Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes:
                yield return new(Size(command.StartChildWorkflowExecutionCommandAttributes.Input));
                yield return new(Size(command.StartChildWorkflowExecutionCommandAttributes.Memo), Memo: true);
                break;
            case Command.AttributesOneofCase.ContinueAsNewWorkflowExecutionCommandAttributes:
                yield return new(Size(command.ContinueAsNewWorkflowExecutionCommandAttributes.Input));
                yield return new(Size(command.ContinueAsNewWorkflowExecutionCommandAttributes.Memo), Memo: true);
                break;
            case Command.AttributesOneofCase.SignalExternalWorkflowExecutionCommandAttributes:
                yield return new(Size(command.SignalExternalWorkflowExecutionCommandAttributes.Input));
                break;
            case Command.AttributesOneofCase.CompleteWorkflowExecutionCommandAttributes:
                yield return new(Size(command.CompleteWorkflowExecutionCommandAttributes.Result));
                break;
            case Command.AttributesOneofCase.FailWorkflowExecutionCommandAttributes:
                yield return new(Size(command.FailWorkflowExecutionCommandAttributes.Failure));
                break;
            case Command.AttributesOneofCase.RecordMarkerCommandAttributes:
                yield return new(command.RecordMarkerCommandAttributes.Details.Sum(detail => Length(detail.Key) + Size(detail.Value)));
                break;
            case Command.AttributesOneofCase.ModifyWorkflowPropertiesCommandAttributes:
                yield return new(Data(command.ModifyWorkflowPropertiesCommandAttributes.UpsertedMemo?.Fields));
                break;
            case Command.AttributesOneofCase.UpsertWorkflowSearchAttributesCommandAttributes:
                yield return new(Data(command.UpsertWorkflowSearchAttributesCommandAttributes.SearchAttributes?.IndexedFields));
                break;
        }
    }

    // Of what is upserted the server counts names and data alone.
    private static int Data(IDictionary<string, Payload>? fields) => fields?.Sum(field => Length(field.Key) + field.Value.Data.Length) ?? 0;

    private static int Length(string text) => System.Text.Encoding.UTF8.GetByteCount(text);

    private static int Size(IMessage? message) => message?.CalculateSize() ?? 0;
}
