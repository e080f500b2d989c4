using Temporalio.Client.Schedules;

namespace Temporalio.Client.Interceptors;

/// <summary>Creates a schedule.</summary>
public record CreateScheduleInput(string Id, Schedule Schedule, ScheduleOptions? Options);

/// <summary>Lists schedules.</summary>
public record ListSchedulesInput(ScheduleListOptions? Options);

/// <summary>Takes the actions of stretches of time at once.</summary>
public record BackfillScheduleInput(string Id, IReadOnlyCollection<ScheduleBackfill> Backfills, RpcOptions? RpcOptions);

/// <summary>Deletes a schedule.</summary>
public record DeleteScheduleInput(string Id, RpcOptions? RpcOptions);

/// <summary>Describes a schedule.</summary>
public record DescribeScheduleInput(string Id, RpcOptions? RpcOptions);

/// <summary>Pauses a schedule.</summary>
public record PauseScheduleInput(string Id, string? Note, RpcOptions? RpcOptions);

/// <summary>Has a schedule act at once.</summary>
public record TriggerScheduleInput(string Id, ScheduleTriggerOptions? Options);

/// <summary>Lets a schedule act again.</summary>
public record UnpauseScheduleInput(string Id, string? Note, RpcOptions? RpcOptions);

/// <summary>Changes a schedule.</summary>
public record UpdateScheduleInput(string Id, Func<ScheduleUpdateInput, Task<ScheduleUpdate?>> Updater, RpcOptions? RpcOptions);
