namespace Temporalio.Client.Schedules;

/// <summary>What is done, when, and under which policies.</summary>
public record Schedule(ScheduleAction Action, ScheduleSpec Spec)
{
    public SchedulePolicy Policy { get; init; } = new();

    public ScheduleState State { get; init; } = new();

    internal static Schedule FromProto(Api.Schedule.V1.Schedule proto, DataConverter converter) =>
        new(ScheduleAction.FromProto(proto.Action, converter), ScheduleSpec.FromProto(proto.Spec))
        {
            Policy = SchedulePolicy.FromProto(proto.Policies),
            State = ScheduleState.FromProto(proto.State),
        };

    internal async Task<Api.Schedule.V1.Schedule> ToProtoAsync(DataConverter converter) => new()
    {
        Spec = Spec.ToProto(),
        Action = await Action.ToProtoAsync(converter).ConfigureAwait(false),
        Policies = Policy.ToProto(),
        State = State.ToProto(),
    };
}

/// <summary>How actions that overlap, or that were missed, are dealt with.</summary>
public record SchedulePolicy
{
    public ScheduleOverlapPolicy Overlap { get; init; } = ScheduleOverlapPolicy.Skip;

    /// <summary>How late a missed action may still be taken; a year, the default, at the most.</summary>
    public TimeSpan CatchupWindow { get; init; } = TimeSpan.FromDays(365);

    public bool PauseOnFailure { get; init; }

    internal static SchedulePolicy FromProto(Api.Schedule.V1.SchedulePolicies? proto) => new()
    {
        Overlap = proto?.OverlapPolicy ?? ScheduleOverlapPolicy.Skip,
        CatchupWindow = proto?.CatchupWindow?.ToTimeSpan() ?? TimeSpan.FromDays(365),
        PauseOnFailure = proto?.PauseOnFailure ?? false,
    };

    internal Api.Schedule.V1.SchedulePolicies ToProto() => new()
    {
        OverlapPolicy = Overlap,
        CatchupWindow = Duration.FromTimeSpan(CatchupWindow),
        PauseOnFailure = PauseOnFailure,
    };
}

/// <summary>Whether a schedule acts, and how often it still may.</summary>
public record ScheduleState
{
    public string? Note { get; init; }

    public bool Paused { get; init; }

    public bool LimitedActions { get; init; }

    public long RemainingActions { get; init; }

    internal static ScheduleState FromProto(Api.Schedule.V1.ScheduleState? proto) => new()
    {
        Note = string.IsNullOrEmpty(proto?.Notes) ? null : proto.Notes,
        Paused = proto?.Paused ?? false,
        LimitedActions = proto?.LimitedActions ?? false,
        RemainingActions = proto?.RemainingActions ?? 0,
    };

    internal Api.Schedule.V1.ScheduleState ToProto() => new()
    {
        Notes = Note ?? string.Empty,
        Paused = Paused,
        LimitedActions = LimitedActions,
        RemainingActions = RemainingActions,
    };
}

/// <summary>A stretch of time whose actions are taken at once.</summary>
public record ScheduleBackfill(DateTime StartAt, DateTime EndAt, ScheduleOverlapPolicy Overlap = ScheduleOverlapPolicy.Unspecified)
{
    internal Api.Schedule.V1.BackfillRequest ToProto() => new()
    {
        StartTime = Timestamp.FromDateTime(StartAt),
        EndTime = Timestamp.FromDateTime(EndAt),
        OverlapPolicy = Overlap,
    };
}
