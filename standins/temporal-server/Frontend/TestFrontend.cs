using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Timers;
using Temporalio.Api.TestService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Temporal's TestService: time as a test wants it; served only by a server that was started for it.</summary>
internal sealed class TestFrontend(TimeSkipper skipper, WorkflowClock clock) : TestService.TestServiceBase
{
    /// <inheritdoc/>
    public override Task<LockTimeSkippingResponse> LockTimeSkipping(LockTimeSkippingRequest request, ServerCallContext context)
    {
        skipper.Lock();
        return Task.FromResult(new LockTimeSkippingResponse());
    }

    /// <inheritdoc/>
    public override Task<UnlockTimeSkippingResponse> UnlockTimeSkipping(UnlockTimeSkippingRequest request, ServerCallContext context) =>
        skipper.TryUnlock() ? Task.FromResult(new UnlockTimeSkippingResponse()) : throw Unbalanced();

    /// <inheritdoc/>
    public override Task<SleepResponse> Sleep(SleepRequest request, ServerCallContext context) => SleepAsync(After(request.Duration), unlocked: false, context);

    /// <inheritdoc/>
    public override Task<SleepResponse> SleepUntil(SleepUntilRequest request, ServerCallContext context) =>
        SleepAsync(Read(() => request.Timestamp?.ToDateTimeOffset() ?? clock.GetUtcNow()), unlocked: false, context);

    /// <inheritdoc/>
    public override Task<SleepResponse> UnlockTimeSkippingWithSleep(SleepRequest request, ServerCallContext context) => SleepAsync(After(request.Duration), unlocked: true, context);

    /// <inheritdoc/>
    public override Task<GetCurrentTimeResponse> GetCurrentTime(Empty request, ServerCallContext context) =>
        Task.FromResult(new GetCurrentTimeResponse { Time = Timestamp.FromDateTimeOffset(clock.GetUtcNow()) });

    private async Task<SleepResponse> SleepAsync(DateTimeOffset time, bool unlocked, ServerCallContext context) =>
        await skipper.SleepUntilAsync(time, unlocked, context.CancellationToken) ? new SleepResponse() : throw Unbalanced();

    private DateTimeOffset After(Duration? duration) => Read(() => clock.GetUtcNow() + (duration?.ToTimeSpan() ?? TimeSpan.Zero));

    private static DateTimeOffset Read(Func<DateTimeOffset> time)
    {
        try
        {
            return time();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException or OverflowException)
        {
            throw ApiErrors.Invalid("The time is out of range.");
        }
    }

    private static RpcException Unbalanced() => ApiErrors.With(StatusCode.FailedPrecondition, "Time skipping is not locked: there is no lock to take back.", null);
}
