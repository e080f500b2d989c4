using Temporalio.Api.Sdk.V1;

namespace Temporalio.Worker.Execution;

/// <summary>Queries that every workflow answers of itself, as Temporal's tools ask them.</summary>
internal sealed partial class WorkflowRun
{
    private const string ReservedPrefix = "__temporal_";

    /// <summary>The answer to such a query, written without the user's converter; null for any other.</summary>
    private Payload? AnswerItself(string query) => query switch
    {
        "__temporal_workflow_metadata" => DataConverter.Default.PayloadConverter.ToPayload(Metadata()),
        "__stack_trace" => throw new InvalidOperationException("Workflow stack traces are not enabled on this worker"),
        _ => null,
    };

    private WorkflowMetadata Metadata() => new()
    {
        CurrentDetails = CurrentDetails,
        Definition = new()
        {
            Type = Info.WorkflowType,
            QueryDefinitions = { Listed(DynamicQuery is { } query ? [(query.Name, query.Description)] : [], Queries.Values.Select(handler => (handler.Name, handler.Description))) },
            SignalDefinitions = { Listed(DynamicSignal is { } signal ? [(signal.Name, signal.Description)] : [], Signals.Values.Select(handler => (handler.Name, handler.Description))) },
            UpdateDefinitions = { Listed(DynamicUpdate is { } update ? [(update.Name, update.Description)] : [], Updates.Values.Select(handler => (handler.Name, handler.Description))) },
        },
    };

    // The one that takes what no other does comes first.
    private static IEnumerable<WorkflowInteractionDefinition> Listed(IEnumerable<(string? Name, string? Description)> ofAll, IEnumerable<(string? Name, string? Description)> named) =>
        ofAll.Concat(named.OrderBy(handler => handler.Name, StringComparer.Ordinal))
            .Select(handler => new WorkflowInteractionDefinition { Name = handler.Name ?? string.Empty, Description = handler.Description ?? string.Empty });
}
