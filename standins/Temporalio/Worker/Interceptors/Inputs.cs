using Temporalio.Activities;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Cancels another workflow.</summary>
public record CancelExternalWorkflowInput(string Id, string? RunId);

/// <summary>Goes on in a new run.</summary>
public record CreateContinueAsNewExceptionInput(string Workflow, IReadOnlyCollection<object?> Args, ContinueAsNewOptions? Options, IDictionary<string, Payload>? Headers);

/// <summary>Waits on a timer.</summary>
public record DelayAsyncInput(TimeSpan Delay, CancellationToken? CancellationToken, string? Summary);

/// <summary>Runs an activity on its worker.</summary>
public record ExecuteActivityInput(ActivityDefinition Activity, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>Runs the main method of a workflow.</summary>
public record ExecuteWorkflowInput(object Instance, MethodInfo RunMethod, object?[] Args);

/// <summary>Answers a query.</summary>
public record HandleQueryInput(string Id, string Query, WorkflowQueryDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>Handles a signal.</summary>
public record HandleSignalInput(string Signal, WorkflowSignalDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>Validates or handles an update.</summary>
public record HandleUpdateInput(string Id, string Update, WorkflowUpdateDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>Sends a heartbeat.</summary>
public record HeartbeatInput(object?[] Details);

/// <summary>Schedules an activity.</summary>
public record ScheduleActivityInput(string Activity, IReadOnlyCollection<object?> Args, ActivityOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>Schedules a local activity.</summary>
public record ScheduleLocalActivityInput(string Activity, IReadOnlyCollection<object?> Args, LocalActivityOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>Signals a child workflow.</summary>
public record SignalChildWorkflowInput(string Id, string Signal, IReadOnlyCollection<object?> Args, ChildWorkflowSignalOptions? Options, IDictionary<string, Payload>? Headers);

/// <summary>Signals another workflow.</summary>
public record SignalExternalWorkflowInput(string Id, string? RunId, string Signal, IReadOnlyCollection<object?> Args, ExternalWorkflowSignalOptions? Options, IDictionary<string, Payload>? Headers);

/// <summary>Starts a child workflow.</summary>
public record StartChildWorkflowInput(string Workflow, IReadOnlyCollection<object?> Args, ChildWorkflowOptions Options, IDictionary<string, Payload>? Headers);
