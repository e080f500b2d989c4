using System.Net;
using System.Net.Sockets;

namespace Mainstay.LocalStack.Processes;

/// <summary>Finds ports that nobody listens on. The one source of it: who may not reference this project compiles the file.</summary>
internal static class FreePorts
{
    // Below the ports that the system gives to outgoing connections, so that one that is free now is so when its process listens.
    private const int First = 10_000;
    private const int Last = 32_000;

    // One after the other from a place of this process's own: a port is given once, though its process may not listen yet.
    private static int next = Random.Shared.Next(First, Last);

    /// <summary>Finds so many ports, each another, none of them given before by this process.</summary>
    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var candidate = First + (Interlocked.Increment(ref next) % (Last - First));
            if (IsFree(candidate))
            {
                ports.Add(candidate);
            }
        }

        return [.. ports];
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
