using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Makes the signing key, its key set and the services' tokens, for services that others start.</summary>
internal static class KeysCommand
{
    public static int Run(Arguments arguments)
    {
        arguments.RequireKnown();
        var directory = new RunDirectory(new LocalStackOptions().RunDirectory);
        var key = new SigningKey(directory);
        key.Ensure();
        var tokens = new ServiceTokens(directory, new(key, TimeProvider.System));
        foreach (var service in ServiceDefinition.All)
        {
            tokens.Write(service.Name);
        }

        Console.WriteLine($"The keys and the services' tokens lie in {directory.Auth}.");
        return 0;
    }
}
