using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Holds a section to the keys that its reader knows.</summary>
public static class SectionKeys
{
    /// <summary>Refuses a key that is not among the known.</summary>
    public static void RefuseOthers(this IConfigurationSection section, IReadOnlyList<string> known)
    {
        foreach (var child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new MainstayConfigurationException($"'{child.Path}' is not a known key. The keys here are {string.Join(", ", known)}.");
            }
        }
    }
}
