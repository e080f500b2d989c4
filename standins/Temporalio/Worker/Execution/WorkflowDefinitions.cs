using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>The workflow types of a worker.</summary>
internal sealed class WorkflowDefinitions(IEnumerable<WorkflowDefinition> definitions)
{
    private readonly Dictionary<string, WorkflowDefinition> named = definitions.Where(definition => !definition.Dynamic).ToDictionary(definition => definition.Name!);
    private readonly WorkflowDefinition? dynamic = definitions.FirstOrDefault(definition => definition.Dynamic);

    public WorkflowDefinition Find(string type) => named.GetValueOrDefault(type) ?? dynamic ?? throw new ApplicationFailureException(
        $"Workflow type {type} is not registered on this worker, available workflows: {string.Join(", ", named.Keys.Order())}", errorType: "NotFoundError");
}
