using System.Diagnostics;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.ServiceDefaults.Tests.Telemetry;

public sealed partial class JsonLogFormatterTests
{
    [Fact]
    public void Write_EntryWithinATrace_NamesItAndKeepsTheProperties()
    {
        using var span = new Activity("work").Start();

        var entry = Write(logger => Log.Weighed(logger, 12, "größe\n\"x\""));

        Assert.Equal(span.TraceId.ToHexString(), entry["trace_id"]!.GetValue<string>());
        Assert.Equal(span.SpanId.ToHexString(), entry["span_id"]!.GetValue<string>());
        Assert.Equal(("info", "Weighed", "Weighed 12 of größe\n\"x\""), (entry["level"]!.GetValue<string>(), entry["event"]!.GetValue<string>(), entry["message"]!.GetValue<string>()));
        Assert.Equal(12, entry["properties"]!["Grams"]!.GetValue<int>());
        Assert.Equal("größe\n\"x\"", entry["properties"]!["What"]!.GetValue<string>());
    }

    [Fact]
    public void Write_Exception_IsPartOfTheOneLine()
    {
        var entry = Write(logger => Log.Failed(logger, new InvalidOperationException("first\nsecond")));

        Assert.Contains("first\nsecond", entry["exception"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(entry["trace_id"]);
    }

    private static JsonObject Write(Action<ILogger> log)
    {
        var logger = new Capture();
        log(logger);
        var line = logger.Text.ToString();
        Assert.Equal(1, line.Count(character => character == '\n'));
        return JsonNode.Parse(line)!.AsObject();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Weighed {Grams} of {What}")]
        public static partial void Weighed(ILogger logger, int grams, string what);

        [LoggerMessage(Level = LogLevel.Error, Message = "Failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }

    private sealed class Capture : ILogger
    {
        private readonly JsonLogFormatter formatter = new(TimeProvider.System);

        public StringWriter Text { get; } = new() { NewLine = "\n" };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            this.formatter.Write(new LogEntry<TState>(logLevel, "tests", eventId, state, exception, formatter), null, Text);
    }
}
