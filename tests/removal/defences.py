"""Which test misses which defence (src/base/defence.hpp), and the row of the threat model that it is about
(docs/security.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Watch:
    row: str
    program: str  # a test program of the build, or a script below tests/
    test: str  # a filter of GoogleTest, or a name of unittest


def unit(row: str, folder: str, test: str) -> Watch:
    return Watch(row, f"{folder}_tests", test)


def peer(row: str, test: str) -> Watch:
    return Watch(row, "hostile/test_hostile.py", test)


def lan(row: str, test: str) -> Watch:
    return Watch(row, "net/test_flood.py", test)


DEFENCES: dict[str, Watch] = {
    "FrameLength": unit("T6", "wire", "FrameLength.IsWithinItsLimit"),
    "FramePrepareStep": unit("T6", "wire", "FrameDecoder.MakesNoMoreRoomThanItsStepForALengthThatOnlyWasClaimed"),
    "PayloadLength": peer("T6", "Level1.test_impossible_payload_lengths_end_the_connection"),
    "PayloadUnexpected": peer("T9", "Level1.test_payloads_where_none_belongs_are_refused_and_skipped"),
    "JsonDepth": unit("T8", "wire", "ParseObject.BoundsDepth"),
    "JsonKeys": unit("T8", "wire", "ParseObject.BoundsTheKeysOfEachObject"),
    "JsonValues": unit("T8", "wire", "ParseObject.BoundsTheNumberOfValues"),
    "JsonDuplicateKey": unit("T8", "wire", "ParseObject.RefusesAKeyTwiceWhereverItIs"),
    "FieldTextLength": peer("T8", "Level1.test_fields_beyond_their_limits_or_of_wrong_types_are_refused"),
    "FieldIntegerRange": peer("T8", "Level1.test_fields_beyond_their_limits_or_of_wrong_types_are_refused"),
    "FieldArrayLength": peer("T8", "Level1.test_fields_beyond_their_limits_or_of_wrong_types_are_refused"),
    "FirstByte": peer("T9", "Level0.test_other_first_bytes_are_hung_up_on"),
    "PathDotPart": unit("T12", "node", "HostileNames.*"),
    "PathAbsolute": unit("T12", "base", "SafePath.RefusesThePublishedPathsForTheirReasons"),
    "PathControl": unit("T12", "node", "HostileNames.*"),
    "PathUtf8": unit("T12", "node", "HostileNames.*"),
    "PathPartLength": unit("T12", "node", "HostileNames.*"),
    "PathLength": unit("T12", "base", "SafePath.HoldsItsLimitsExactly"),
    "PathDepth": unit("T12", "node", "HostileNames.*"),
    "Printable": unit("T24", "node", "HostileNames.AreHarmlessWhereTheyAreShown"),
    "LinkName": unit("T12", "node", "HostileNames.ComeFromALinkOnlyIfAllowedAndOfOnePart"),
    "TreeOrder": unit("T12", "content", "Tree.*"),
    "TreeFolders": unit("T12", "content", "Tree.*"),
    "TreeTarget": unit("T13", "content", "Tree.*"),
    "TreeBytesInAll": unit("T15", "content", "Tree.*"),
    "ChunkHash": unit("T10", "node", "Telling/HostilePeer.*chunks_of_other_bytes"),
    "ChunkLength": unit("T10", "node", "Telling/HostilePeer.*chunks_that_are_too_long"),
    "ManifestLeafCount": unit("T10", "content", "CheckManifest.RefusesOneLeafTooFewOrTooMany"),
    "ManifestId": unit("T10", "content", "CheckManifest.RefusesAnyChangeToSizeOrLeaves"),
    "ContentSize": unit("T15", "content", "ChunkPlan.RefusesMoreThanTheLargestContent"),
    "LiarCutOff": unit("T10", "swarm", "DownloadFaults.DropsALiarAfterItsLastChance"),
    "ClassicFileHash": unit("T10", "node", "ClassicTest.AFileThatIsNotWhatWasAnnouncedIsNotKept"),
    "ClassicChunkHash": unit("T10", "node", "ClassicTest.AChunkThatIsNotWhatItsHashSaysIsNotKept"),
    "DatagramLength": unit("T4", "discovery", "Announcement.IsRefusedWithItsReason"),
    "DatagramForeign": unit("T1", "transport", "BeaconTest.*"),
    "DatagramRate": unit("T4", "discovery", "RateGate.HoldsAllSourcesTogetherToTheirLimit"),
    "DatagramRatePerSource": unit("T4", "discovery", "RateGate.LetsASourceHaveItsBurstAndNoMore"),
    "AnswerRate": unit("T5", "discovery", "AnswerLimiter.NeverAnswersMoreThanItsLimitInAnySecond"),
    "AnswerRatePerSource": unit("T5", "discovery", "AnswerLimiter.AnswersASourceOnceASecond"),
    "AnswerLength": unit("T5", "discovery", "Answer.IsNeverLargerThanWhatAsked"),
    "ProvenAddress": unit("T1", "discovery", "PeerTableTest.*"),
    "ProvenClaims": unit("T1", "discovery", "PeerTableTest.*"),
    "GoodbyeFromElsewhere": unit("T1", "discovery", "PeerTableTest.AGoodbyeFromElsewhereMeansNothing"),
    "PeersUnverified": unit("T4", "discovery", "PeerTableTest.UnverifiedPeersAreAtMostTheirLimit"),
    "PeersPerAddress": unit("T4", "discovery", "PeerTableTest.AnAddressIntroducesAtMostItsLimitOfUnverifiedPeers"),
    "UnaskedDialRate": unit("T5", "node", "UnaskedDials.AreFourASecondWhateverASwarmNames"),
    "UnaskedDialPort": unit("T5", "node", "UnaskedDials.GoToPortsOfOurKindOnly"),
    "DoorPlaces": unit("T7", "transport", "AdmissionGate.NeverHoldsMoreThanItsLimit"),
    "DoorPlacesPerAddress": unit("T7", "transport", "AdmissionGate.LetsEightInFromOneAddress"),
    "DoorEviction": lan("T7", "Flood.test_connections_that_say_nothing"),
    "OpenDeadline": peer("T7", "Pressure.test_silent_connections_end_at_their_deadline_and_keep_nobody_out"),
    "IdleLimit": unit("T7", "transport", "*FrameStreams.EndAPeerThatIsSilentForTooLong*"),
    "MinimumRate": unit("T7", "transport", "*FrameStreams.*"),
    "PinnedKey": unit("T2", "transport", "TlsEngine.RefusesAnotherPeerThanTheExpectedOne"),
    "OneCertificate": unit("T18", "transport", "*TlsEngine*"),
    "CertificateDates": unit("T18", "transport", "*TlsEngine*"),
    "KeyKind": unit("T18", "transport", "*Certificate*:*TlsEngine*"),
    "Alpn": unit("T18", "transport", "*TlsEngine*"),
    "HelloFirst": peer("T9", "Level1.test_every_message_is_survived_before_hello"),
    "SessionsPerPeer": peer("T7", "Pressure.test_sessions_of_one_peer_are_limited"),
    "SessionsPerAddress": lan("T7", "Flood.test_sessions_of_one_address"),
    "UnsentAnswers": peer("T7", "Pressure.test_answers_that_nobody_reads_are_not_heaped_up"),
    "ClassicPlaces": peer("T7", "Pressure.test_classic_connections_are_limited"),
    "ClassicListsKept": peer("T7", "Pressure.test_lists_of_peers_that_come_and_go_are_not_kept"),
    "NoDowngrade": unit("T17", "node", "Downgrade.IsRefusedToWhoeverHasEverProvedAKey"),
    "UploadQueuePerAsker": unit("T7", "swarm", "UploadQueue.*"),
    "Audience": unit("T1", "node", "AudienceTest.AStranger*"),
    "NameOwner": unit("T1", "node", "PeopleTest.AnotherKeyUnderAKnownNameIsRefusedByThatName"),
    "PairingCommitment": unit("T3", "access", "Pairing.ShowsNoDigitsBeforeTheNonceFitsTheCommitment"),
    "PairingTries": unit("T3", "access", "PairingTries.LetThreeFailAndThenMakeAPause"),
    "OffersWaiting": unit("T14", "access", "OfferRules.LetOnlySoManyWait"),
    "OfferRuleSize": unit("T14", "access", "OfferRules.HoldTheirSizesExactly"),
    "PageHost": unit("T19", "api", "Gate.KnowsItsOwnNamesOnly"),
    "PageOrigin": unit("T20", "api", "Gate.LetsNoOtherPageAsk"),
    "PageRight": unit("T20", "api", "Gate.NeedsCookieAndPageToken"),
    "PageBodyType": unit("T20", "api", "Gate.TakesJsonOnlyAsTheBodyOfAPost"),
    "Beneath": unit("T13", "storage", "Race.WritesNothingOutside"),
    "NoReplace": unit("T13", "storage", "*Rename*"),
    "RegularFile": unit("T13", "storage", "DirectoryTest.*"),
    "SecondName": unit("T13", "storage", "DirectoryTest.*"),
    "FileUnchanged": unit("T11", "storage", "*Served*"),
    "FreeSpace": unit("T14", "storage", "*Space*"),
    "NewerCatalogue": unit("R21", "storage", "CatalogueTest.RefusesANewerSchemaAndLeavesItAlone"),
    "BrokenCatalogue": unit("R21", "node", "FaultsTest.ADamagedCatalogueIsKeptAsideAndTheIdentityStays"),
}
