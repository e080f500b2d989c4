using System.Security.Cryptography;
using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Makes the signing key, its key set, the services' tokens and the key that signs the audit trail's checkpoints, for services that others start.</summary>
internal static class KeysCommand
{
    private const string AuditSigningKey = "audit-signing-key";

    public static int Run(Arguments arguments)
    {
        arguments.RequireKnown(AuditSigningKey);
        var directory = new RunDirectory(new LocalStackOptions().RunDirectory);
        var key = new SigningKey(directory);
        key.Ensure();
        var tokens = new ServiceTokens(directory, new(key, TimeProvider.System));
        foreach (var service in ServiceDefinition.All)
        {
            tokens.Write(service.Name);
        }

        // Made once: what an earlier key has signed can be verified as long as the trail lists it, but a new one for no reason raises questions.
        if (arguments.Value(AuditSigningKey) is { } file && !File.Exists(file))
        {
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            RunDirectory.WriteSecret(file, created.ExportPkcs8PrivateKeyPem());
        }

        Console.WriteLine($"The keys and the services' tokens lie in {directory.Auth}.");
        return 0;
    }
}
