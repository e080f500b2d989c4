using Temporalio.Worker.Execution.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    /// <summary>Starts the main method as a task of the run.</summary>
    internal void StartMain() => _ = Task.Factory.StartNew(RunMainAsync, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    private async Task RunMainAsync()
    {
        try
        {
            var result = await inbound!.ExecuteWorkflowAsync(new(instance!, details.Definition.RunMethod, runArguments)).ConfigureAwait(true);
            Finish(() => CompletionCommands.Complete(
                TaskValue.TypeOf(details.Definition.RunMethod.ReturnType) is null ? null : PayloadConverter.ToPayload(result)));
        }
        catch (Exception e)
        {
            HandleFailure(e);
        }
    }

    /// <summary>Decides what an exception of workflow code does: close the run, or fail the task.</summary>
    private void HandleFailure(Exception e)
    {
        switch (e)
        {
            case ContinueAsNewException continueAsNew:
                Finish(() => CompletionCommands.ContinueAsNew(continueAsNew, Info, PayloadConverter));
                break;
            case var _ when CancellationToken.IsCancellationRequested && TemporalException.IsCanceledException(e):
                Finish(CompletionCommands.Cancel);
                break;
            case var _ when IsWorkflowFailure(e):
                Finish(() => CompletionCommands.Fail(details.FailureConverter.ToFailure(e, PayloadConverter)));
                break;
            default:
                taskFailure ??= e;
                break;
        }
    }

    private bool IsWorkflowFailure(Exception e) =>
        e is FailureException or OperationCanceledException ||
        details.FailureExceptionTypes.Concat(details.Definition.FailureExceptionTypes ?? []).Any(type => type.IsInstanceOfType(e));

    private void Finish(Func<PendingCommand> command)
    {
        if (completion is not null)
        {
            return;
        }

        try
        {
            completion = command();
        }
        catch (Exception e)
        {
            taskFailure ??= e;
        }
    }
}
