using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks;

/// <summary>A trail, a receiver that keeps to its vendor's contract, and between them the sink of its type.</summary>
internal sealed class SinkScene<TReceiver> : IAsyncDisposable
    where TReceiver : StubServer, new()
{
    private SinkScene(TrailDatabase trail) => Trail = trail;

    public TrailDatabase Trail { get; }

    public TReceiver Receiver { get; } = new();

    public static async Task<SinkScene<TReceiver>> StartAsync(CancellationToken cancellationToken)
    {
        var scene = new SinkScene<TReceiver>(await TrailDatabase.CreateAsync(cancellationToken));
        await scene.Receiver.StartAsync(cancellationToken);
        return scene;
    }

    /// <summary>Runs the sink with the receiver's settings, some of them changed, until it is disposed of.</summary>
    public RunningSink Run(params (string Key, string Value)[] settings) => Trail.Run(TrailDatabase.Configure(
        Receiver.Type, [.. Receiver.Settings.Where(one => settings.All(setting => setting.Key != one.Key)), .. settings]));

    /// <summary>Runs the sink until it is done with the whole trail.</summary>
    public async Task DeliverAsync(params (string Key, string Value)[] settings)
    {
        await using var running = Run(settings);
        await Trail.DrainedAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the sink has stopped and returns why.</summary>
    public async Task<string?> StoppedAsync(CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(async () => await Trail.StateAsync<string>("hold", cancellationToken) == "stopped", cancellationToken);
        return await Trail.StateAsync<string>("hold_reason", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Trail.DisposeAsync();
    }
}
