-- Keeps the strength of a hand for a day. Part 4 of 10.

minetest.register_craftitem("clockwork_mainspring:mainspring", {
	description = "Mainspring",
	inventory_image = "clockwork_mainspring.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_mainspring:mainspring",
	recipe = { { "default:tin_ingot", "clockwork_ratchet:ratchet", "default:tin_ingot" } },
})

minetest.log("action", "[clockwork_mainspring] part 4 of 10")
