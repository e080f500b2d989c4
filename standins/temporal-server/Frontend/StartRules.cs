using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What is done about a workflow id that has a run already.</summary>
internal enum StartDecision
{
    /// <summary>A new run starts.</summary>
    Start,

    /// <summary>The running one answers.</summary>
    UseExisting,

    /// <summary>The running one ends first.</summary>
    TerminateExisting,
}

/// <summary>What a start may ask, and what the policies of workflow ids make of it.</summary>
internal static class StartRules
{
    private const int LongestId = 1000;

    /// <summary>Refuses a start that asks for something impossible.</summary>
    public static void Check(StartWorkflowExecutionRequest request, Namespaces namespaces, SearchAttributeCatalog attributes)
    {
        namespaces.Require(request.Namespace);
        Require(request.WorkflowId.Length > 0, "WorkflowId is not set on request.");
        Require(request.WorkflowId.Length <= LongestId, "WorkflowId length exceeds limit.");
        Require(request.WorkflowType is { Name.Length: > 0 }, "WorkflowType is not set on request.");
        Require(request.WorkflowType!.Name.Length <= LongestId, "WorkflowType length exceeds limit.");
        Require(request.TaskQueue is not null, "taskQueue is not set");
        Require(request.TaskQueue!.Name.Length > 0, "missing task queue name");
        Require(request.TaskQueue.Name.Length <= LongestId, "taskQueue length exceeds limit");
        // The one character that PostgreSQL's texts cannot hold.
        Require(!$"{request.WorkflowId}{request.WorkflowType.Name}{request.TaskQueue.Name}".Contains('\0', StringComparison.Ordinal), "A name contains a null character.");
        Require(request.RequestId.Length <= LongestId, "RequestId length exceeds limit.");
        request.SearchAttributes = Checked(() => attributes.Check(request.Namespace, request.SearchAttributes));
        Require(request.CronSchedule.Length == 0 || WorkflowCron.IsValid(request.CronSchedule), "invalid CronSchedule.");
        Require(request.CronSchedule.Length == 0 || !request.WorkflowStartDelay.IsSet(), "CronSchedule and WorkflowStartDelay may not be used together.");
        NotNegative(request.WorkflowExecutionTimeout, "WorkflowExecutionTimeoutSeconds");
        NotNegative(request.WorkflowRunTimeout, "WorkflowRunTimeoutSeconds");
        NotNegative(request.WorkflowTaskTimeout, "WorkflowTaskTimeoutSeconds");
        NotNegative(request.WorkflowStartDelay, "WorkflowStartDelay");
        Check(request.RetryPolicy);
        Limits.Check(request.Input);
        Limits.Check(request.Memo);
        Require(
            request.WorkflowIdReusePolicy != WorkflowIdReusePolicy.TerminateIfRunning || request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Unspecified,
            "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING cannot be used together with a WorkflowIDConflictPolicy");
        Require(
            request.WorkflowIdReusePolicy != WorkflowIdReusePolicy.RejectDuplicate || request.WorkflowIdConflictPolicy != WorkflowIdConflictPolicy.TerminateExisting,
            "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING");
    }

    /// <summary>Runs a check of search attributes, with its refusal as clients get it.</summary>
    public static T Checked<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (SearchAttributeException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    /// <summary>What the policies say about the newest run of the workflow id.</summary>
    public static StartDecision Decide(StartWorkflowExecutionRequest request, RunState there)
    {
        var about = $"WorkflowId: {there.WorkflowId}, RunId: {there.RunId}.";
        if (there.Status == WorkflowExecutionStatus.Running)
        {
            return (request.WorkflowIdConflictPolicy, request.WorkflowIdReusePolicy) switch
            {
                (WorkflowIdConflictPolicy.UseExisting, _) => StartDecision.UseExisting,
                (WorkflowIdConflictPolicy.TerminateExisting, _) or (_, WorkflowIdReusePolicy.TerminateIfRunning) => StartDecision.TerminateExisting,
                _ => throw ApiErrors.AlreadyStarted($"Workflow execution is already running. {about}", there.StartRequestId, there.RunId),
            };
        }

        return request.WorkflowIdReusePolicy switch
        {
            WorkflowIdReusePolicy.RejectDuplicate => throw ApiErrors.AlreadyStarted(
                $"Workflow execution already finished. {about} Workflow Id reuse policy: reject duplicate workflow Id.", there.StartRequestId, there.RunId),
            WorkflowIdReusePolicy.AllowDuplicateFailedOnly when there.Status is WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew =>
                throw ApiErrors.AlreadyStarted(
                    $"Workflow execution already finished successfully. {about} Workflow Id reuse policy: allow duplicate workflow Id if last run failed.", there.StartRequestId, there.RunId),
            _ => StartDecision.Start,
        };
    }

    /// <summary>The duration, but no longer than the limit.</summary>
    public static Duration? Capped(Duration? asked, Duration? limit) =>
        !limit.IsSet() ? asked : asked.IsSet() && asked!.ToTimeSpan() <= limit!.ToTimeSpan() ? asked : limit;

    private static void Check(RetryPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        Require(WireTimes.IsValid(policy.InitialInterval), "invalid InitialInterval set on retry policy: negative duration");
        Require(policy.BackoffCoefficient is 0 or >= 1, "BackoffCoefficient cannot be less than 1 on retry policy.");
        Require(WireTimes.IsValid(policy.MaximumInterval), "invalid MaximumInterval set on retry policy: negative duration");
        Require(
            !policy.MaximumInterval.IsSet() || !policy.InitialInterval.IsSet() || policy.MaximumInterval.ToTimeSpan() >= policy.InitialInterval.ToTimeSpan(),
            "MaximumInterval cannot be less than InitialInterval on retry policy.");
        Require(policy.BackoffCoefficient < 1e6, "BackoffCoefficient is too large on retry policy.");
        WireTimes.Cap(policy.InitialInterval);
        WireTimes.Cap(policy.MaximumInterval);
        Require(policy.MaximumAttempts >= 0, "MaximumAttempts cannot be negative on retry policy.");
    }

    private static void NotNegative(Duration? timeout, string name)
    {
        Require(WireTimes.IsValid(timeout), $"An invalid {name} is set on request. cause: negative duration");
        WireTimes.Cap(timeout);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw ApiErrors.Invalid(message);
        }
    }
}
