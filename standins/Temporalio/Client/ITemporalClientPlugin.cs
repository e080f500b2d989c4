namespace Temporalio.Client;

/// <summary>Changes a client's options and surrounds its connecting.</summary>
public interface ITemporalClientPlugin
{
    string Name { get; }

    /// <summary>Changes the options of a client that is being made.</summary>
    void ConfigureClient(TemporalClientOptions options);

    /// <summary>Surrounds the connecting: what goes on is the continuation.</summary>
    Task<TemporalConnection> ConnectAsync(TemporalClientConnectOptions options, Func<TemporalClientConnectOptions, Task<TemporalConnection>> continuation);
}
