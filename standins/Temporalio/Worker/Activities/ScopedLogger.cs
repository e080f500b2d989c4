namespace Temporalio.Worker.Activities;

/// <summary>Logs every entry with a scope.</summary>
internal sealed class ScopedLogger(ILogger logger, IReadOnlyDictionary<string, object?> scope) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        using var entered = logger.BeginScope(scope);
        logger.Log(logLevel, eventId, state, exception, formatter);
    }
}
