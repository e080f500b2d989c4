using Temporalio.Client.Schedules;

namespace Temporalio.Client;

public partial class TemporalClient
{
    public Task<ScheduleHandle> CreateScheduleAsync(string scheduleId, Schedule schedule, ScheduleOptions? options = null) =>
        OutboundInterceptor.CreateScheduleAsync(new(scheduleId, schedule, options));

    public ScheduleHandle GetScheduleHandle(string scheduleId) => new(this, scheduleId);

    public IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ScheduleListOptions? options = null) => OutboundInterceptor.ListSchedulesAsync(new(options));
}
