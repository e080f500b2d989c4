namespace Temporalio.Client.Schedules;

/// <summary>A schedule on the server.</summary>
public record ScheduleHandle(ITemporalClient Client, string Id)
{
    /// <summary>Takes the actions of stretches of time at once.</summary>
    public Task BackfillAsync(IReadOnlyCollection<ScheduleBackfill> backfills, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.BackfillScheduleAsync(new(Id, backfills, rpcOptions));

    public Task DeleteAsync(RpcOptions? rpcOptions = null) => Client.OutboundInterceptor.DeleteScheduleAsync(new(Id, rpcOptions));

    public Task<ScheduleDescription> DescribeAsync(RpcOptions? rpcOptions = null) => Client.OutboundInterceptor.DescribeScheduleAsync(new(Id, rpcOptions));

    public Task PauseAsync(string? note = null, RpcOptions? rpcOptions = null) => Client.OutboundInterceptor.PauseScheduleAsync(new(Id, note, rpcOptions));

    /// <summary>Takes one action at once.</summary>
    public Task TriggerAsync(ScheduleTriggerOptions? options = null) => Client.OutboundInterceptor.TriggerScheduleAsync(new(Id, options));

    public Task UnpauseAsync(string? note = null, RpcOptions? rpcOptions = null) => Client.OutboundInterceptor.UnpauseScheduleAsync(new(Id, note, rpcOptions));

    /// <summary>Changes the schedule, unless the updater returns null.</summary>
    public Task UpdateAsync(Func<ScheduleUpdateInput, ScheduleUpdate?> updater, RpcOptions? rpcOptions = null) =>
        UpdateAsync(input => Task.FromResult(updater(input)), rpcOptions);

    /// <summary>Changes the schedule, unless the updater returns null.</summary>
    public Task UpdateAsync(Func<ScheduleUpdateInput, Task<ScheduleUpdate?>> updater, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.UpdateScheduleAsync(new(Id, updater, rpcOptions));
}
