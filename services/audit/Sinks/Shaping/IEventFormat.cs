using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>A way to write an event.</summary>
internal interface IEventFormat
{
    /// <summary>The <c>format</c> in the configuration.</summary>
    string Name { get; }

    /// <summary>The media type of what is written.</summary>
    string MediaType { get; }

    /// <summary>The event in this format; <paramref name="fields"/> is not changed.</summary>
    JsonObject Write(JsonObject fields);
}

/// <summary>The formats that every sink may choose from.</summary>
internal static class EventFormats
{
    public static IReadOnlyList<IEventFormat> All { get; } = [new PlainFormat(), new CloudEventsFormat(), new OcsfFormat()];
}
