using ModelContextProtocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>One MCP server: started when it is first needed, and again when it has died.</summary>
internal sealed partial class Connector(ConnectorOptions options, ILoggerFactory loggers, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim gate = new(1);
    private readonly ILogger logger = loggers.CreateLogger<Connector>();
    private ConnectorSession? session;
    private TimeSpan backoff;
    private DateTimeOffset notBefore;
    private string lastFailure = "";

    public string Name => options.Name;

    /// <summary>The longest that a call may take.</summary>
    public TimeSpan CallTimeout => options.Timeout;

    /// <summary>A session that lives; fails with UNAVAILABLE and the reason when the server cannot be started.</summary>
    public async Task<ConnectorSession> OpenAsync(CancellationToken cancellationToken)
    {
        if (session is { IsAlive: true } living)
        {
            return living;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            return session is { IsAlive: true } opened ? opened : await ReopenAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<ConnectorSession> ReopenAsync(CancellationToken cancellationToken)
    {
        // A server that has just failed to start is not hammered; whoever asks meanwhile hears why.
        if (clock.GetUtcNow() < notBefore)
        {
            throw ToolErrors.ConnectorUnavailable(Name, lastFailure);
        }

        if (session is not null)
        {
            Log.Died(logger, Name);
            await session.DisposeAsync();
            session = null;
        }

        var errors = new LastLines();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.StartTimeout);
        try
        {
            session = await ConnectorSession.OpenAsync(ConnectorTransport.For(options, errors, loggers, logger), Name, patience.Token);
            backoff = TimeSpan.Zero;
            Log.Started(logger, Name, session.Tools.Count);
            return session;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsFailureToStart(e))
        {
            backoff = backoff == TimeSpan.Zero ? FirstBackoff : TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, LongestBackoff.Ticks));
            notBefore = clock.GetUtcNow() + (backoff * (0.8 + (Random.Shared.NextDouble() * 0.4)));
            lastFailure = Explain(e, errors);
            Log.NotStarted(logger, Name, lastFailure, e);
            throw ToolErrors.ConnectorUnavailable(Name, lastFailure);
        }
    }

    private static bool IsFailureToStart(Exception e) =>
        e is McpException or IOException or HttpRequestException or OperationCanceledException or TimeoutException or InvalidOperationException
            or System.ComponentModel.Win32Exception or System.Text.Json.JsonException;

    private string Explain(Exception e, LastLines errors)
    {
        var what = e switch
        {
            System.ComponentModel.Win32Exception or { InnerException: System.ComponentModel.Win32Exception } => $"its program '{options.Command}' cannot be run: {(e.InnerException ?? e).Message}.",
            OperationCanceledException or TimeoutException => $"it did not answer within {options.StartTimeout.TotalSeconds:0.#} s.",
            _ => $"it did not start: {e.Message}",
        };
        return errors.Last.Length > 0 ? $"{what} Its last words: {errors.Last}" : what;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The connector {Connector} is up with {Tools} tools")]
        public static partial void Started(ILogger logger, string connector, int tools);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} has died; starting it again")]
        public static partial void Died(ILogger logger, string connector);

        [LoggerMessage(Level = LogLevel.Error, Message = "The connector {Connector} cannot be used: {Why}")]
        public static partial void NotStarted(ILogger logger, string connector, string why, Exception exception);
    }
}
