using System.Net;

namespace Mainstay.Audit.Sinks.Http;

/// <summary>The addresses under which clouds offer a machine's own credentials, and with them the whole local link: nobody's receiver.</summary>
internal static class MetadataAddress
{
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("fd20:ce::/32"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    // An address of IPv4 within one of IPv6, and where: mapped, compatible, NAT64 (two), 6to4.
    private static readonly (IPNetwork Network, int Offset)[] Translations =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12),
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Whether an address is one of them, in whichever notation.</summary>
    public static bool Is(IPAddress address) => Networks.Any(network => network.Contains(address)) || Embedded(address).Any(Is);

    private static IEnumerable<IPAddress> Embedded(IPAddress address) => Translations
        .Where(translation => translation.Network.Contains(address))
        .Select(translation => new IPAddress(address.GetAddressBytes().AsSpan(translation.Offset, 4)));
}
