using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;

namespace TemporalServer.Tests;

/// <summary>Commands that many tests need.</summary>
internal static class Commands
{
    /// <summary>Ends the workflow with nothing.</summary>
    public static Command Complete() => new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() };

    /// <summary>Signals another workflow.</summary>
    public static Command Signal(string workflowId, string name = "go", bool childOnly = false) => new()
    {
        CommandType = CommandType.SignalExternalWorkflowExecution,
        SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = workflowId }, SignalName = name, ChildWorkflowOnly = childOnly, Control = "what for" },
    };

    /// <summary>Starts a child on a queue.</summary>
    public static Command Child(string workflowId, string queue, Action<StartChildWorkflowExecutionCommandAttributes>? change = null)
    {
        var asked = new StartChildWorkflowExecutionCommandAttributes { WorkflowId = workflowId, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = queue } };
        change?.Invoke(asked);
        return new() { CommandType = CommandType.StartChildWorkflowExecution, StartChildWorkflowExecutionCommandAttributes = asked };
    }
}
