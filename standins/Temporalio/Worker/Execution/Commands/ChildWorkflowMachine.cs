using Temporalio.Api.Command.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>A child workflow: initiated, started, then closed.</summary>
internal sealed class ChildWorkflowMachine
{
    private readonly CommandBook book;
    private readonly string parentNamespace;
    private readonly StartChildWorkflowExecutionCommandAttributes attributes;
    private readonly ChildWorkflowCancellationType cancellationType;
    private readonly PendingCommand start;
    private readonly TaskCompletionSource<string> started = new();
    private readonly TaskCompletionSource<ActivityOutcome> closed = new();
    private PendingCommand? cancel;
    private long initiatedEventId;
    private long startedEventId;
    private string runId = string.Empty;

    public ChildWorkflowMachine(
        CommandBook book,
        string parentNamespace,
        StartChildWorkflowExecutionCommandAttributes attributes,
        Api.Sdk.V1.UserMetadata? metadata,
        ChildWorkflowCancellationType cancellationType,
        Action<long, ChildWorkflowMachine> initiated)
    {
        this.book = book;
        this.parentNamespace = parentNamespace;
        this.attributes = attributes;
        this.cancellationType = cancellationType;
        start = new(
            new() { CommandType = CommandType.StartChildWorkflowExecution, StartChildWorkflowExecutionCommandAttributes = attributes, UserMetadata = metadata },
            EventType.StartChildWorkflowExecutionInitiated,
            $"StartChildWorkflowExecution({attributes.WorkflowType.Name}, id {attributes.WorkflowId})")
        {
            Matches = e => e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowId == attributes.WorkflowId &&
                e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowType.Name == attributes.WorkflowType.Name,
            Confirmed = e =>
            {
                initiatedEventId = e.EventId;
                initiated(e.EventId, this);
            },
        };
        book.Add(start);
    }

    public Action<long> CancelInitiated { get; set; } = static _ => { };

    public string WorkflowId => attributes.WorkflowId;

    /// <summary>The run id, once the child has started.</summary>
    public Task<string> Started => started.Task;

    public Task<ActivityOutcome> Closed => closed.Task;

    public void Start(string startedRunId, long eventId)
    {
        runId = startedRunId;
        startedEventId = eventId;
        started.TrySetResult(startedRunId);
    }

    public void FailStart(StartChildWorkflowExecutionFailedCause cause) => started.TrySetException(
        cause == StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists
            ? new WorkflowAlreadyStartedException("Child workflow already started", attributes.WorkflowId, attributes.WorkflowType.Name, "<unknown>")
            : new FailureException(Wrap(new() { Message = $"Child workflow start failed: {cause}" }, RetryState.NonRetryableFailure), null));

    public void Complete(Payloads? result) => Close(new(result, null));

    public void Fail(Failure cause, RetryState retryState) => Close(new(null, Wrap(cause, retryState)));

    public void Cancel()
    {
        if (closed.Task.IsCompleted || cancel is not null)
        {
            return;
        }

        if (book.Withdraw(start))
        {
            var failure = Wrap(Cancelled(), RetryState.Unspecified);
            started.TrySetException(new ChildWorkflowFailureException(failure, new CanceledFailureException("Child workflow cancelled before it was started")));
            return;
        }

        if (cancellationType == ChildWorkflowCancellationType.Abandon)
        {
            Fail(Cancelled(), RetryState.Unspecified);
            return;
        }

        var request = new PendingCommand(
            new()
            {
                CommandType = CommandType.RequestCancelExternalWorkflowExecution,
                RequestCancelExternalWorkflowExecutionCommandAttributes = new() { WorkflowId = attributes.WorkflowId, RunId = runId, ChildWorkflowOnly = true },
            },
            EventType.RequestCancelExternalWorkflowExecutionInitiated,
            $"RequestCancelExternalWorkflowExecution(child {attributes.WorkflowId})")
        {
            Matches = e => e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId == attributes.WorkflowId,
            Confirmed = e => CancelInitiated(e.EventId),
        };
        book.Add(request);
        if (cancellationType == ChildWorkflowCancellationType.TryCancel)
        {
            Fail(Cancelled(), RetryState.Unspecified);
        }

        cancel = request;
    }

    /// <summary>The server has passed on the request to cancel.</summary>
    public void CancelRequested()
    {
        if (cancellationType == ChildWorkflowCancellationType.WaitCancellationRequested)
        {
            Fail(Cancelled(), RetryState.Unspecified);
        }
    }

    private static Failure Cancelled() => new() { Message = "Child workflow cancelled", CanceledFailureInfo = new() };

    private Failure Wrap(Failure cause, RetryState retryState) => new()
    {
        Message = "Child Workflow execution failed",
        Cause = cause,
        ChildWorkflowExecutionFailureInfo = new()
        {
            Namespace = parentNamespace,
            WorkflowExecution = new() { WorkflowId = attributes.WorkflowId, RunId = runId },
            WorkflowType = attributes.WorkflowType,
            InitiatedEventId = initiatedEventId,
            StartedEventId = startedEventId,
            RetryState = retryState,
        },
    };

    private void Close(ActivityOutcome outcome)
    {
        book.Withdraw(cancel);
        closed.TrySetResult(outcome);
    }
}
