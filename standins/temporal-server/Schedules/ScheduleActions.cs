using System.Globalization;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Frontend;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>What schedules do: start workflows, and end those that are in the way.</summary>
internal sealed partial class ScheduleActions(RunHost runs, RunStarts starts, SearchAttributeCatalog attributes, Namespaces namespaces, ILogger<ScheduleActions> logger)
{
    /// <summary>The search attribute that names a workflow's schedule.</summary>
    public const string ScheduledBy = "TemporalScheduledById";

    private const string ScheduledStart = "TemporalScheduledStartTime";

    /// <summary>Starts the workflow of an action; nothing when it is refused for good.</summary>
    public async Task<WorkflowExecution?> StartAsync(ScheduleRecord record, PendingAction action)
    {
        if (record.Schedule.Action?.StartWorkflow is null)
        {
            return null;
        }

        var request = Request(record, action);
        try
        {
            StartRules.Check(request, namespaces, attributes);
            var (run, _) = await starts.StartAsync(request, null, started =>
            {
                started.LastCompletionResult = record.LastResult;
                started.ContinuedFailure = record.LastFailure;
            });
            return new WorkflowExecution { WorkflowId = request.WorkflowId, RunId = run.State.RunId };
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.AlreadyExists or StatusCode.InvalidArgument)
        {
            Log.Refused(logger, record.ScheduleId, request.WorkflowId, e);
            return null;
        }
    }

    /// <summary>Has a workflow of the schedule cancelled or terminated.</summary>
    public async Task EndAsync(ScheduleRecord record, WorkflowExecution execution, bool terminate)
    {
        if (await runs.FindAsync(record.Namespace, execution.WorkflowId, "") is not { } run)
        {
            return;
        }

        await runs.ApplyAsync(run, change =>
        {
            if (change.State.Status == WorkflowExecutionStatus.Running && terminate)
            {
                change.Terminate("terminated by schedule overlap policy", null, Identity(record));
            }
            else if (change.State.Status == WorkflowExecutionStatus.Running)
            {
                change.RequestCancel(new() { Cause = "cancelled by schedule overlap policy", Identity = Identity(record) }, $"{record.ScheduleId}/{record.LastActionId}");
            }

            return true;
        });
    }

    private static StartWorkflowExecutionRequest Request(ScheduleRecord record, PendingAction action)
    {
        var asked = record.Schedule.Action.StartWorkflow;
        var nominal = action.NominalTime.ToDateTime();
        var suffix = nominal.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var found = asked.SearchAttributes?.Clone() ?? new SearchAttributes();
        found.IndexedFields[ScheduledBy] = AttributeValue.Of(IndexedValueType.Keyword, record.ScheduleId);
        found.IndexedFields[ScheduledStart] = AttributeValue.Of(IndexedValueType.Datetime, suffix);
        return new StartWorkflowExecutionRequest
        {
            Namespace = record.Namespace,
            WorkflowId = record.Schedule.Policies.KeepOriginalWorkflowId ? asked.WorkflowId : $"{asked.WorkflowId}-{suffix}",
            WorkflowType = asked.WorkflowType,
            TaskQueue = asked.TaskQueue,
            Input = asked.Input,
            WorkflowExecutionTimeout = asked.WorkflowExecutionTimeout,
            WorkflowRunTimeout = asked.WorkflowRunTimeout,
            WorkflowTaskTimeout = asked.WorkflowTaskTimeout,
            Identity = Identity(record),
            RequestId = $"schedule-{record.Info.CreateTime.ToDateTime().Ticks}-{action.Id}",
            RetryPolicy = asked.RetryPolicy,
            Memo = asked.Memo,
            SearchAttributes = found,
            Header = asked.Header,
            UserMetadata = asked.UserMetadata,
            Priority = asked.Priority,
        };
    }

    private static string Identity(ScheduleRecord record) => $"temporal-scheduler-{record.Namespace}-{record.ScheduleId}";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {ScheduleId} could not start {WorkflowId}; the action is dropped.")]
        public static partial void Refused(ILogger logger, string scheduleId, string workflowId, Exception cause);
    }
}
