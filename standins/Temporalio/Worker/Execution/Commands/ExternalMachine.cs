namespace Temporalio.Worker.Execution.Commands;

/// <summary>A signal or cancellation sent to another workflow: initiated, then delivered or failed.</summary>
internal sealed class ExternalMachine
{
    private readonly CommandBook book;
    private readonly PendingCommand command;
    private readonly TaskCompletionSource delivered = new();

    private ExternalMachine(CommandBook book, PendingCommand command)
    {
        this.book = book;
        this.command = command;
        book.Add(command);
    }

    public Task Task => delivered.Task;

    public static ExternalMachine Signal(CommandBook book, Api.Command.V1.SignalExternalWorkflowExecutionCommandAttributes attributes, Action<long, ExternalMachine> initiated)
    {
        ExternalMachine? machine = null;
        return machine = new(book, new(
            new() { CommandType = CommandType.SignalExternalWorkflowExecution, SignalExternalWorkflowExecutionCommandAttributes = attributes },
            EventType.SignalExternalWorkflowExecutionInitiated,
            $"SignalExternalWorkflowExecution({attributes.SignalName}, workflow {attributes.Execution.WorkflowId})")
        {
            Matches = e => e.SignalExternalWorkflowExecutionInitiatedEventAttributes.SignalName == attributes.SignalName &&
                e.SignalExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId == attributes.Execution.WorkflowId,
            Confirmed = e => initiated(e.EventId, machine!),
        });
    }

    public static ExternalMachine Cancellation(
        CommandBook book, Api.Command.V1.RequestCancelExternalWorkflowExecutionCommandAttributes attributes, Action<long, ExternalMachine> initiated)
    {
        ExternalMachine? machine = null;
        return machine = new(book, new(
            new() { CommandType = CommandType.RequestCancelExternalWorkflowExecution, RequestCancelExternalWorkflowExecutionCommandAttributes = attributes },
            EventType.RequestCancelExternalWorkflowExecutionInitiated,
            $"RequestCancelExternalWorkflowExecution(workflow {attributes.WorkflowId})")
        {
            Matches = e => e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId == attributes.WorkflowId,
            Confirmed = e => initiated(e.EventId, machine!),
        });
    }

    public void Deliver() => delivered.TrySetResult();

    public void Fail(string message) =>
        delivered.TrySetException(new ApplicationFailureException(message));

    /// <summary>Takes the command back if it has not been sent; afterwards nothing can stop it.</summary>
    public void Cancel()
    {
        if (book.Withdraw(command))
        {
            delivered.TrySetException(new CanceledFailureException("Signal was cancelled before being sent"));
        }
    }
}
