using Temporalio.Client;
using Temporalio.Client.Interceptors;

namespace Temporalio.Testing;

/// <summary>An environment whose time passes as fast as the workflows allow while somebody waits for a result.</summary>
internal sealed class TimeSkippingEnvironment : WorkflowEnvironment
{
    private readonly AsyncLocal<bool> disabled = new();
    private readonly TestService clock;

    public TimeSkippingEnvironment(TemporalConnection connection, TemporalClientOptions options, ServerProgram server)
        : base(null!, server)
    {
        clock = connection.TestService;
        options.Interceptors = [new Unlocking(this), .. options.Interceptors ?? []];
        Client = new TemporalClient(connection, options);
    }

    public override bool SupportsTimeSkipping => true;

    public override Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) =>
        clock.UnlockTimeSkippingWithSleepAsync(new() { Duration = Duration.FromTimeSpan(delay) }, new() { CancellationToken = cancellationToken });

    public override async Task<DateTime> GetCurrentTimeAsync() => (await clock.GetCurrentTimeAsync(new()).ConfigureAwait(false)).Time.ToDateTime();

    public override T WithAutoTimeSkippingDisabled<T>(Func<T> func)
    {
        var before = disabled.Value;
        disabled.Value = true;
        try
        {
            return func();
        }
        finally
        {
            disabled.Value = before;
        }
    }

    public override async Task<T> WithAutoTimeSkippingDisabledAsync<T>(Func<Task<T>> func)
    {
        disabled.Value = true;
        return await func().ConfigureAwait(false);
    }

    private async Task<T> UnlockedAsync<T>(Func<Task<T>> wait)
    {
        if (disabled.Value)
        {
            return await wait().ConfigureAwait(false);
        }

        await clock.UnlockTimeSkippingAsync(new()).ConfigureAwait(false);
        try
        {
            return await wait().ConfigureAwait(false);
        }
        finally
        {
            await clock.LockTimeSkippingAsync(new()).ConfigureAwait(false);
        }
    }

    private sealed class Unlocking(TimeSkippingEnvironment environment) : IClientInterceptor
    {
        public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Outbound(environment, nextInterceptor);
    }

    private sealed class Outbound(TimeSkippingEnvironment environment, ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        // How a result is awaited: by the event that closes the run.
        public override Task<WorkflowHistoryEventPage> FetchWorkflowHistoryEventPageAsync(FetchWorkflowHistoryEventPageInput input) =>
            input is { WaitNewEvent: true, EventFilterType: HistoryEventFilterType.CloseEvent }
                ? environment.UnlockedAsync(() => base.FetchWorkflowHistoryEventPageAsync(input))
                : base.FetchWorkflowHistoryEventPageAsync(input);
    }
}
