using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Schedules: created, described, changed and deleted.</summary>
internal sealed partial class WorkflowFrontend
{
    private const int FutureTimes = 10;
    private static readonly Duration DefaultCatchupWindow = Duration.FromTimeSpan(TimeSpan.FromDays(365));
    private static readonly TimeSpan LeastCatchupWindow = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override async Task<CreateScheduleResponse> CreateSchedule(CreateScheduleRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        Limits.Check(request.Memo);
        if (request.ScheduleId.Contains('\0', StringComparison.Ordinal))
        {
            throw ApiErrors.Invalid("ScheduleId contains a null character.");
        }

        var now = Timestamp.FromDateTimeOffset(clock.GetUtcNow());
        var record = new ScheduleRecord
        {
            Namespace = request.Namespace,
            ScheduleId = request.ScheduleId,
            Schedule = Filled(request.Namespace, request.Schedule),
            Info = new ScheduleInfo { CreateTime = now },
            Memo = request.Memo,
            SearchAttributes = StartRules.Checked(() => attributes.Check(request.Namespace, request.SearchAttributes)),
            CreateRequestId = request.RequestId,
            Revision = 1,
            Processed = now,
        };
        var there = await schedules.AddAsync(record, change => Apply(change, request.InitialPatch));
        return there is null || (request.RequestId.Length > 0 && there.CreateRequestId == request.RequestId)
            ? new CreateScheduleResponse { ConflictToken = Token(record.Revision) }
            : throw ApiErrors.With(StatusCode.AlreadyExists, "schedule already exists", new WorkflowExecutionAlreadyStartedFailure { StartRequestId = there.CreateRequestId });
    }

    /// <inheritdoc/>
    public override async Task<DescribeScheduleResponse> DescribeSchedule(DescribeScheduleRequest request, ServerCallContext context)
    {
        var record = await FindScheduleAsync(request.Namespace, request.ScheduleId);
        record.Info.FutureActionTimes.AddRange(new ScheduleChange(record, clock.GetUtcNow()).Future(FutureTimes));
        return new DescribeScheduleResponse
        {
            Schedule = record.Schedule,
            Info = record.Info,
            Memo = record.Memo,
            SearchAttributes = record.SearchAttributes,
            ConflictToken = Token(record.Revision),
        };
    }

    /// <inheritdoc/>
    public override async Task<UpdateScheduleResponse> UpdateSchedule(UpdateScheduleRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        var schedule = Filled(request.Namespace, request.Schedule);
        var found = StartRules.Checked(() => attributes.Check(request.Namespace, request.SearchAttributes));
        _ = await schedules.ChangeAsync(request.Namespace, request.ScheduleId, change =>
        {
            var record = change.Record;
            if (!request.ConflictToken.IsEmpty && request.ConflictToken != Token(record.Revision))
            {
                throw ApiErrors.With(StatusCode.FailedPrecondition, "mismatched conflict token", null);
            }

            change.Replace(schedule, found);
        }) ?? throw NoSchedule(request.ScheduleId);
        return new UpdateScheduleResponse();
    }

    /// <inheritdoc/>
    public override async Task<PatchScheduleResponse> PatchSchedule(PatchScheduleRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        _ = await schedules.ChangeAsync(request.Namespace, request.ScheduleId, change => Apply(change, request.Patch)) ?? throw NoSchedule(request.ScheduleId);
        return new PatchScheduleResponse();
    }

    /// <inheritdoc/>
    public override async Task<DeleteScheduleResponse> DeleteSchedule(DeleteScheduleRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        return await schedules.DeleteAsync(request.Namespace, request.ScheduleId) ? new DeleteScheduleResponse() : throw NoSchedule(request.ScheduleId);
    }

    /// <inheritdoc/>
    public override async Task<ListScheduleMatchingTimesResponse> ListScheduleMatchingTimes(ListScheduleMatchingTimesRequest request, ServerCallContext context)
    {
        var record = await FindScheduleAsync(request.Namespace, request.ScheduleId);
        if (request.StartTime is null || request.EndTime is null || !WireTimes.IsValid(request.StartTime) || !WireTimes.IsValid(request.EndTime))
        {
            throw ApiErrors.Invalid("StartTime and EndTime are not set on request.");
        }

        var times = new SpecTimes(record.Schedule.Spec, $"{record.Namespace}/{record.ScheduleId}");
        var end = request.EndTime.ToDateTimeOffset();
        var matching = times.From(request.StartTime.ToDateTimeOffset()).TakeWhile(t => t.Nominal <= end).Take(LargestPage);
        return new ListScheduleMatchingTimesResponse { StartTime = { matching.Select(t => Timestamp.FromDateTimeOffset(t.Actual)) } };
    }

    private static void Apply(ScheduleChange change, SchedulePatch? patch)
    {
        if (patch is null)
        {
            return;
        }

        foreach (var backfill in patch.BackfillRequest)
        {
            if (backfill.StartTime is null || backfill.EndTime is null || !WireTimes.IsValid(backfill.StartTime) || !WireTimes.IsValid(backfill.EndTime))
            {
                throw ApiErrors.Invalid("A backfill needs a start and an end.");
            }
        }

        if (!WireTimes.IsValid(patch.TriggerImmediately?.ScheduledTime))
        {
            throw ApiErrors.Invalid("The scheduled time is not valid.");
        }

        change.Patch(patch);
    }

    private Schedule Filled(string @namespace, Schedule? asked)
    {
        var schedule = asked?.Clone() ?? new Schedule();
        try
        {
            schedule.Spec = SpecCompiler.Compile(schedule.Spec);
        }
        catch (SpecException e)
        {
            throw ApiErrors.Invalid($"Invalid schedule spec: {e.Message}");
        }

        schedule.State ??= new ScheduleState();
        schedule.Policies ??= new SchedulePolicies();
        schedule.Policies.OverlapPolicy = schedule.Policies.OverlapPolicy == ScheduleOverlapPolicy.Unspecified ? ScheduleOverlapPolicy.Skip : schedule.Policies.OverlapPolicy;
        var window = schedule.Policies.CatchupWindow;
        WireTimes.Cap(window);
        schedule.Policies.CatchupWindow = !window.IsSet() ? DefaultCatchupWindow
            : window.ToTimeSpan() < LeastCatchupWindow ? Duration.FromTimeSpan(LeastCatchupWindow) : window;
        if (schedule.Action?.StartWorkflow is { } start)
        {
            Limits.Check(start.Input);
            Limits.Check(start.Memo);
            StartRules.Checked(() => attributes.Check(@namespace, start.SearchAttributes));
            if (start.TaskQueue is { } queue)
            {
                queue.Kind = TaskQueueKind.Normal;
            }
        }

        return schedule;
    }

    private async Task<ScheduleRecord> FindScheduleAsync(string @namespace, string scheduleId)
    {
        namespaces.Require(@namespace);
        return await schedules.FindAsync(@namespace, scheduleId) ?? throw NoSchedule(scheduleId);
    }

    private static RpcException NoSchedule(string scheduleId) => ApiErrors.NoWorkflow($"temporal-sys-scheduler:{scheduleId}");

    private static ByteString Token(long revision) => ByteString.CopyFrom(BitConverter.GetBytes(revision));
}
