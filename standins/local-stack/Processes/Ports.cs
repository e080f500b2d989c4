using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.LocalStack.Processes;

/// <summary>Says who has a port that is taken.</summary>
internal static class Ports
{
    /// <summary>Makes sure that a port is free; else names it, its owner, and the setting that moves it.</summary>
    public static void RequireFree(int port, string service, string setting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new LocalStackException(
                $"Port {port} of {service} is taken by {OwnerOf(port)}. Stop it, choose another port with --set {setting}=…, or let --free-ports choose all.", e);
        }
    }

    /// <summary>Describes the process that listens on a port.</summary>
    public static string OwnerOf(int port)
    {
        var inodes = (from table in (string[])["/proc/net/tcp", "/proc/net/tcp6"]
                      where File.Exists(table)
                      from line in File.ReadLines(table).Skip(1)
                      let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                      where fields[3] == "0A" && fields[1].EndsWith(':' + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                      select $"socket:[{fields[9]}]").ToHashSet();

        foreach (var stat in ProcessStat.ReadAll())
        {
            if (Holds(stat.Id, inodes))
            {
                var command = File.ReadAllText($"/proc/{stat.Id}/cmdline").Replace('\0', ' ').Trim();
                return $"process {stat.Id} ({(command.Length > 120 ? command[..120] + "…" : command)})";
            }
        }

        return "a process of another user";
    }

    private static bool Holds(int processId, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd")
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
