using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Grpc.Tests.Tls;

/// <summary>A certificate authority of one test class, with files for the peers; gone with the class.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grpc-tests-");
    private readonly X509Certificate2 authority;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        authority = request.CreateSelfSigned(From, Until);
        Write("ca.pem", authority.ExportCertificatePem());
        Server = Issue("server", "CN=localhost");
        Client = Issue("client", "CN=a-known-client");
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public X509Certificate2Collection Roots => [authority];

    private static DateTimeOffset From => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset Until => From.AddDays(3);

    /// <summary>The files of a certificate, as the peers' settings name them.</summary>
    public JsonObject Files(string? name) => new()
    {
        ["ca"] = PathOf("ca.pem"),
        ["certificate"] = name is null ? null : PathOf($"{name}.pem"),
        ["key"] = name is null ? null : PathOf($"{name}.key"),
    };

    /// <summary>A handler that trusts this authority alone.</summary>
    public SocketsHttpHandler CreateHandler(X509Certificate2? certificate = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Roots);
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return handler;
    }

    public void Dispose()
    {
        authority.Dispose();
        Server.Dispose();
        Client.Dispose();
        directory.Delete(recursive: true);
    }

    private X509Certificate2 Issue(string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name == "server" ? "localhost" : "client.tests.mainstay");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, From, Until.AddHours(-1), Guid.CreateVersion7().ToByteArray());
        Write($"{name}.pem", issued.ExportCertificatePem());
        Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadPkcs12(issued.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }

    private string PathOf(string file) => Path.Combine(directory.FullName, file);

    private void Write(string file, string pem) => File.WriteAllText(PathOf(file), pem);
}
