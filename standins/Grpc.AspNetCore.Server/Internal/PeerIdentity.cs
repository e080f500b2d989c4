using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads who a caller is from its TLS certificate.</summary>
internal static class PeerIdentity
{
    private const string AlternativeName = "x509_subject_alternative_name";
    private const string CommonName = "x509_common_name";

    private static readonly AuthContext Unauthenticated = new(null, []);

    public static AuthContext Read(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return Unauthenticated;
        }

        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToList();
        if (names.Count > 0)
        {
            properties[AlternativeName] = [.. names.Select(name => Property(AlternativeName, name))];
        }

        if (certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } commonName)
        {
            properties[CommonName] = [Property(CommonName, commonName)];
        }

        return new AuthContext(names.Count > 0 ? AlternativeName : properties.Keys.FirstOrDefault(), properties);
    }

    private static AuthProperty Property(string name, string value) => AuthProperty.Create(name, System.Text.Encoding.UTF8.GetBytes(value));
}
