using System.Reflection;

namespace Mainstay.ToolGateway.Tests.Drivers;

/// <summary>Where the MCP servers lie that the gateway is held to.</summary>
internal static class PeerFiles
{
    public static string Filesystem { get; } = Path.Combine(Metadata("ConnectorsDirectory"), "node_modules", "@modelcontextprotocol", "server-filesystem", "dist", "index.js");

    public static string Everything { get; } = Path.Combine(Metadata("PeersDirectory"), "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    public static string Probe { get; } = Path.Combine(Metadata("PeersDirectory"), "probe.js");

    private static string Metadata(string key) =>
        typeof(PeerFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
