using System.Globalization;
using Mainstay.LocalStack.Auth;

namespace Mainstay.LocalStack.Commands;

/// <summary>Prints a development token and nothing else.</summary>
internal static class TokenCommand
{
    private static readonly TokenRequest Default = new();

    public static int Run(Arguments arguments)
    {
        arguments.RequireKnown("subject", "team", "project", "scope", "role", "ttl");
        var key = new SigningKey(new RunDirectory(new LocalStackOptions().RunDirectory));
        key.Ensure();
        Console.WriteLine(new TokenMint(key, TimeProvider.System).Mint(new()
        {
            Subject = arguments.Value("subject") ?? Default.Subject,
            Team = arguments.Value("team") ?? Default.Team,
            Project = arguments.Value("project") ?? Default.Project,
            Scope = arguments.Value("scope") ?? Default.Scope,
            Role = Role(arguments.Value("role") ?? Default.Role),
            Lifetime = Lifetime(arguments.Value("ttl")),
        }));
        return 0;
    }

    private static string Role(string role) =>
        role is "user" or "admin" or "service"
            ? role
            : throw new LocalStackException($"'{role}' is no role; the roles are user, admin and service.");

    private static TimeSpan Lifetime(string? text)
    {
        if (text is null)
        {
            return Default.Lifetime;
        }

        var valid = double.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var number) && number > 0;
        return (valid, text[^1]) switch
        {
            (true, 's') => TimeSpan.FromSeconds(number),
            (true, 'm') => TimeSpan.FromMinutes(number),
            (true, 'h') => TimeSpan.FromHours(number),
            (true, 'd') => TimeSpan.FromDays(number),
            _ => throw new LocalStackException($"'{text}' is no lifetime; write for example 90s, 30m, 8h or 7d."),
        };
    }
}
