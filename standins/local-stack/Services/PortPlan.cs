using System.Globalization;
using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Services;

/// <summary>Which port each part of the stack listens on.</summary>
internal sealed record PortPlan(int Temporal, IReadOnlyDictionary<string, ServicePorts> Services)
{
    public const string TemporalKey = "temporal:address";
    private const int DefaultTemporal = 7233;

    /// <summary>Chooses the ports: those set by option or environment, else the well-known ones, or free ones when asked.</summary>
    public static PortPlan Choose(LocalStackOptions options) => new(
        ChooseTemporal(options),
        ServiceDefinition.All.ToDictionary(
            service => service.Name,
            service => new ServicePorts(
                Pick(options, $"services:{service.Name}:grpc", service.GrpcPort, service.Name),
                Pick(options, $"services:{service.Name}:http", service.HttpPort, service.Name))));

    /// <summary>Chooses the port of a Temporal server that runs alone.</summary>
    public static int ChooseTemporal(LocalStackOptions options) => Pick(options, TemporalKey, DefaultTemporal, "Temporal");

    private static int Pick(LocalStackOptions options, string key, int wellKnown, string name)
    {
        var variable = $"MAINSTAY__{key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}";
        var text = options.Settings.GetValueOrDefault(key) ?? Environment.GetEnvironmentVariable(variable);

        // Temporal's setting is an address; of an embedded server, which is local, its port matters.
        text = key == TemporalKey ? text?.Split(':')[^1] : text;
        if (text is null)
        {
            return options.FreePorts ? FreePorts.Take(1)[0] : Required(wellKnown, name, key);
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? Required(port, name, key)
            : throw new LocalStackException($"'{text}' is no port for {key}; give a number from 1 to 65535.");
    }

    private static int Required(int port, string name, string key)
    {
        Ports.RequireFree(port, name, key);
        return port;
    }
}

/// <summary>One service's two ports.</summary>
internal sealed record ServicePorts(int Grpc, int Http);
