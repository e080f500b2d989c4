using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mainstay.Audit.Recording.Bus;

namespace Mainstay.Audit.Tests.Recording.Bus;

/// <summary>What is read ahead is what was sent: all of it, in its order, up to the end.</summary>
public sealed class ReadAheadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(700, 4096)]
    [InlineData(300_000, 4096)]
    [InlineData(300_000, 400_000)]
    public async Task ReadAsync_WhateverIsSentAndAskedForAtATime_IsWhatWasSent(int sentAtATime, int askedAtATime)
    {
        var sent = RandomNumberGenerator.GetBytes(sentAtATime * 3);
        var (near, far) = await ConnectAsync();
        using var _ = near;
        var sending = SendAsync(far, sent, sentAtATime);

        await using var stream = new ReadAheadClient(near).GetStream();
        var read = new List<byte>();
        var buffer = new byte[askedAtATime];
        for (var count = await stream.ReadAsync(buffer, Cancellation); count > 0; count = await stream.ReadAsync(buffer, Cancellation))
        {
            read.AddRange(buffer.AsSpan(0, count));
        }

        await sending;
        Assert.Equal(sent, read);
    }

    [Fact]
    public async Task ReadAsync_NothingComesAndItIsCancelled_Ends()
    {
        var (near, far) = await ConnectAsync();
        using var kept = far;
        using var _ = near;
        await using var stream = new ReadAheadClient(near).GetStream();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = stream.ReadAsync(new byte[10], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task SendAsync(Socket far, byte[] bytes, int atATime)
    {
        using (far)
        {
            foreach (var piece in bytes.Chunk(atATime))
            {
                for (var at = 0; at < piece.Length;)
                {
                    at += await far.SendAsync(piece.AsMemory(at), Cancellation);
                }
            }

            far.Shutdown(SocketShutdown.Send);
        }
    }

    private static async Task<(Socket Near, Socket Far)> ConnectAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!, Cancellation);
        return (near, await listener.AcceptAsync(Cancellation));
    }
}
