using System.Net;
using Mainstay.Audit.Sinks.Http;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Http;

public sealed class SinkHttpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_AnswerIsLongerThanAnyoneReads_IsDelivered()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        scene.Receiver.Fault = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None);
            await context.Response.WriteAsync(new string(' ', 3 << 20), CancellationToken.None);
        };
        await scene.Trail.AppendAsync(2, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(2, scene.Receiver.Requests);
    }

    [Fact]
    public async Task Send_AnswerIsLongerThanAnyoneReads_HasItsStart()
    {
        await using var receiver = new WebhookReceiver { Fault = context => context.Response.WriteAsync($"[{new string(' ', 3 << 20)}]") };
        await receiver.StartAsync(Cancellation);
        using var http = new SinkHttp(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, receiver.Address);

        var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(200, answer.Status);
        Assert.Equal((byte)'[', answer.Body[0]);
        Assert.InRange(answer.Body.Length, 1 << 20, (1 << 20) + (16 << 10));
    }

    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("::169.254.169.254", true)]
    [InlineData("64:ff9b::169.254.169.254", true)]
    [InlineData("64:ff9b:1::169.254.169.254", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("fd20:ce::254", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("64:ff9b::100.100.100.200", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("64:ff9b::192.0.2.1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("2001:db8::a9fe:a9fe", false)]
    public void MetadataAddress_Address_IsBarredInEveryNotation(string address, bool isBarred) => Assert.Equal(isBarred, MetadataAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://169.254.169.254/", 0)]
    [InlineData("http://[fd00:ec2::254]/", 0)]
    [InlineData("http://siem.invalid/", 1)]
    public async Task Send_ThroughAProxy_IsStillGuardedFromAddressesThatAreBarred(string url, int requests)
    {
        await using var receiver = new WebhookReceiver { Fault = _ => Task.CompletedTask };
        await receiver.StartAsync(Cancellation);
        using var http = new HttpClient(SinkHttp.NewHandler(new WebProxy(receiver.Address)));

        var failure = await Record.ExceptionAsync(() => http.GetAsync(new Uri(url), Cancellation));

        Assert.Equal(requests, receiver.Requests);
        Assert.Equal(requests == 0 ? HttpRequestError.ConnectionError : null, (failure as HttpRequestException)?.HttpRequestError);
    }
}
