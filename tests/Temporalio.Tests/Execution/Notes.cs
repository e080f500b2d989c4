using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Temporalio.Tests.Execution;

/// <summary>Keeps what is logged, for a test to look at.</summary>
internal sealed class Notes : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> written = new();

    /// <summary>Every line, in order.</summary>
    public IEnumerable<string> Written => written;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => written.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
