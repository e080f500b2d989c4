using System.Net;
using System.Net.Sockets;
using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Tests.Processes;

public sealed class PortsTests
{
    [Fact]
    public void RequireFree_PortIsTaken_NamesPortOwnerAndSetting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = Assert.Throws<LocalStackException>(() => Ports.RequireFree(port, "skills", "services:skills:grpc"));

        Assert.Contains($"Port {port} of skills", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--set services:skills:grpc=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_SeveralAtOnce_AreDistinct() => Assert.Equal(20, FreePorts.Take(20).Distinct().Count());
}
