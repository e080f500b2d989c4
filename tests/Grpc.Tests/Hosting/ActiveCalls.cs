using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Hosting;

/// <summary>Counts the requests that one server holds at this moment, by the server's own metric.</summary>
internal sealed class ActiveCalls : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;

    public ActiveCalls(TestServer server)
    {
        var factory = server.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "http.server.active_requests" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref count, change));
        listener.Start();
    }

    public long Count => Interlocked.Read(ref count);

    public Task WaitForAsync(long expected, CancellationToken cancellationToken) => Until.TrueAsync(() => Count == expected, cancellationToken);

    public void Dispose() => listener.Dispose();
}
