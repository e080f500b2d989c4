using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Mainstay.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace Temporalio.Tests.Wire;

/// <summary>How a client reaches a server, and what goes with each of its calls.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithKeyAndMetadata_CarriesThem()
    {
        await using var server = await Listener.StartAsync();
        var client = await TemporalClient.ConnectAsync(new(server.Address)
        {
            Namespace = "orders",
            ApiKey = "secret key",
            Tls = new() { Disabled = true },
            RpcMetadata = new Dictionary<string, string> { ["team"] = "reviews" },
            RpcBinaryMetadata = new Dictionary<string, byte[]> { ["mark-bin"] = [1, 2] },
        });
        await client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "orders" }, new() { Metadata = new Dictionary<string, string> { ["team"] = "sales" } });
        var sent = server.Last["DescribeNamespace"];
        Assert.Equal(("Bearer secret key", "orders"), (sent.GetValue("authorization"), sent.GetValue("temporal-namespace")));
        Assert.Equal("sales", Assert.Single(sent, entry => entry.Key == "team").Value);
        Assert.Equal([1, 2], sent.GetValueBytes("mark-bin"));
        Assert.NotEmpty(sent.GetValue("client-name")!);

        client.Connection.ApiKey = "another";
        await client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "orders" });
        sent = server.Last["DescribeNamespace"];
        Assert.Equal(("Bearer another", "reviews"), (sent.GetValue("authorization"), sent.GetValue("team")));
    }

    [Fact]
    public async Task Connect_ServerAsksForACertificate_ShowsItAndTrustsTheGivenRootAlone()
    {
        using var authority = Certificates.Authority();
        using var host = Certificates.Signed(authority, "temporal.test");
        using var mine = Certificates.Signed(authority, "worker");
        await using var server = await Listener.StartAsync(https =>
        {
            https.ServerCertificate = host;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == mine.Thumbprint;
        });
        var tls = new TlsOptions { ServerRootCACert = Certificates.Pem(authority), Domain = "temporal.test", ClientCert = Certificates.Pem(mine), ClientPrivateKey = Certificates.KeyPem(mine) };
        var client = await TemporalClient.ConnectAsync(new(server.Address) { Tls = tls });
        Assert.Equal("1.31.2", (await client.WorkflowService.GetSystemInfoAsync(new())).ServerVersion);

        await RefusedAsync(server, new() { ServerRootCACert = tls.ServerRootCACert, Domain = tls.Domain });
        await RefusedAsync(server, new() { Domain = tls.Domain, ClientCert = tls.ClientCert, ClientPrivateKey = tls.ClientPrivateKey });
        await RefusedAsync(server, new() { ServerRootCACert = tls.ServerRootCACert, Domain = "elsewhere.test", ClientCert = tls.ClientCert, ClientPrivateKey = tls.ClientPrivateKey });
    }

    [Fact]
    public async Task CreateLazy_ServerStartsLater_ConnectsWithTheFirstCall()
    {
        var port = FreePort.Next();
        var client = TemporalClient.CreateLazy(new($"127.0.0.1:{port}") { RpcRetry = new() { MaxRetries = 0 } });
        Assert.False(client.Connection.IsConnected);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "default" }));

        await using var server = await Listener.StartAsync(port: port);
        await client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "default" });
        Assert.True(client.Connection.IsConnected);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.ResourceExhausted, true)]
    [InlineData(StatusCode.InvalidArgument, false)]
    [InlineData(StatusCode.NotFound, false)]
    public async Task Call_ThatFails_IsRepeatedWhereItMayGetBetter(StatusCode code, bool repeated)
    {
        await using var server = await Listener.StartAsync();
        var client = await TemporalClient.ConnectAsync(new(server.Address) { RpcRetry = new() { InitialInterval = TimeSpan.FromMilliseconds(1), MaxElapsedTime = null } });
        server.Failures = new([code, code, code]);
        var call = client.StartWorkflowAsync("any", [], new("id", "queue"));
        if (repeated)
        {
            await call;
            Assert.Empty(server.Failures);
            return;
        }

        var failure = await Assert.ThrowsAsync<Exceptions.RpcException>(() => call);
        Assert.Equal((int)code, (int)failure.Code);
        Assert.Equal(2, server.Failures.Count);
    }

    private static Task RefusedAsync(Listener server, TlsOptions tls) =>
        Assert.ThrowsAsync<InvalidOperationException>(() => TemporalClient.ConnectAsync(new(server.Address) { Tls = tls, RpcRetry = new() { MaxRetries = 0 } }));

    /// <summary>Answers the calls of a client that has just come, and keeps what they carried.</summary>
    private sealed class Listener : Api.WorkflowService.V1.WorkflowService.WorkflowServiceBase, IAsyncDisposable
    {
        private WebApplication? application;

        public string Address { get; private set; } = string.Empty;

        public ConcurrentDictionary<string, Metadata> Last { get; } = new();

        /// <summary>With what the next starts fail.</summary>
        public ConcurrentQueue<StatusCode> Failures { get; set; } = new();

        public static async Task<Listener> StartAsync(Action<HttpsConnectionAdapterOptions>? https = null, int? port = null)
        {
            var server = new Listener();
            var chosen = port ?? FreePort.Next();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, chosen, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (https is not null)
                {
                    listen.UseHttps(https);
                }
            }));
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(server);
            server.application = builder.Build();
            server.application.MapGrpcService<Listener>();
            await server.application.StartAsync(Token);
            server.Address = $"127.0.0.1:{chosen}";
            return server;
        }

        public override Task<GetSystemInfoResponse> GetSystemInfo(GetSystemInfoRequest request, ServerCallContext context) => Kept(context, new GetSystemInfoResponse { ServerVersion = "1.31.2" });

        public override Task<DescribeNamespaceResponse> DescribeNamespace(DescribeNamespaceRequest request, ServerCallContext context) => Kept(context, new DescribeNamespaceResponse());

        public override Task<StartWorkflowExecutionResponse> StartWorkflowExecution(StartWorkflowExecutionRequest request, ServerCallContext context) =>
            Failures.TryDequeue(out var code) ? throw new RpcException(new Status(code, "not now")) : Kept(context, new StartWorkflowExecutionResponse { RunId = "run" });

        public async ValueTask DisposeAsync() => await application!.DisposeAsync();

        private Task<T> Kept<T>(ServerCallContext context, T answer)
        {
            Last[context.Method.Split('/')[^1]] = context.RequestHeaders;
            return Task.FromResult(answer);
        }
    }

    /// <summary>Certificates of an authority that nobody else knows.</summary>
    private static class Certificates
    {
        private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

        public static X509Certificate2 Authority()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        }

        public static X509Certificate2 Signed(X509Certificate2 authority, string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using var signed = request.Create(authority, Now.AddHours(-1), Now.AddDays(7), RandomNumberGenerator.GetBytes(8));
            return signed.CopyWithPrivateKey(key);
        }

        public static byte[] Pem(X509Certificate2 certificate) => System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());

        public static byte[] KeyPem(X509Certificate2 certificate)
        {
            using var key = certificate.GetECDsaPrivateKey()!;
            return System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
        }
    }
}
